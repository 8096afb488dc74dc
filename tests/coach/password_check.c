/* Reads passwords, one in a line, and writes those that would be taken; for passwords.t.sh. */
#include "base/arena.h"
#include "coach/complaint.h"
#include "coach/credentials.h"

#include <stdio.h>

int main(void)
{
    static const struct credential_owner nobody;
    struct arena *arena = arena_new(0);
    char line[CREDENTIALS_MAX + 2];
    while (fgets(line, sizeof line, stdin)) {
        struct complaints complaints;
        struct str normal, text = {line, strcspn(line, "\n")};
        struct arena *own = arena_child(arena);
        complaint_init(&complaints, own);
        if (credentials_check(&complaints, "password", text, &nobody, &normal) == ERR_OK) {
            printf("%.*s\n", (int)text.n, text.p);
        }
        arena_free(own);
    }
    arena_free(arena);
    return 0;
}
