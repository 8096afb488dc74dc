/* Within the room: the list that tools/mkframeworks makes of content/frameworks/. */
#ifndef DUET_COACH_FRAMEWORKS_SHIPPED_H
#define DUET_COACH_FRAMEWORKS_SHIPPED_H

struct frameworks_shipped {
    const char *key; /* the file's name without its ending */
    const char *text, *end;
};

extern const struct frameworks_shipped frameworks_shipped_list[];
extern const int frameworks_shipped_n;

#endif
