/* Where an SQLite file lies: makes it with mode 0600, and knows the file systems on which several
 * processes cannot share the memory that a write-ahead log needs. */
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

/* Not in linux/magic.h everywhere. */
#define MAGIC_CIFS 0xff534d42u
#define MAGIC_SMB2 0xfe534d42u
#define MAGIC_FUSE 0x65735546u
#define MAGIC_CEPH 0x00c36400u
#define MAGIC_LUSTRE 0x0bd00bd0u
#define MAGIC_GPFS 0x47504653u

static const struct {
    uint32_t magic;
    const char *name;
} shared[] = {
    {NFS_SUPER_MAGIC, "NFS"}, {SMB_SUPER_MAGIC, "SMB"},   {MAGIC_CIFS, "CIFS"},
    {MAGIC_SMB2, "SMB"},      {V9FS_MAGIC, "9p"},         {MAGIC_FUSE, "FUSE or virtiofs"},
    {AFS_SUPER_MAGIC, "AFS"}, {CODA_SUPER_MAGIC, "Coda"}, {OCFS2_SUPER_MAGIC, "OCFS2"},
    {NCP_SUPER_MAGIC, "NCP"}, {MAGIC_CEPH, "Ceph"},       {MAGIC_LUSTRE, "Lustre"},
    {AFS_FS_MAGIC, "AFS"},    {MAGIC_GPFS, "GPFS"},
};

/* The name of a file system on which a write-ahead log does not work, or NULL. */
static const char *shared_name(uint32_t magic)
{
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (shared[i].magic == magic) {
            return shared[i].name;
        }
    }
    return NULL;
}

int sqlite_sync_folder(const char *path)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    size_t n = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    if (n >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (n > 0) {
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd >= 0 ? fsync(fd) : -1;
    if (fd >= 0) {
        close(fd);
    }
    return rc;
}

enum err sqlite_place(struct db *db, bool *wal)
{
    if (db->where[0] == '\0') {
        return db_fail(db, NULL, ERR_IO, "the database has no name");
    }
    /* An existing file is not opened here: closing it again would drop the locks that another
     * connection of this process holds. */
    int fd = open(db->where, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
        if (sqlite_sync_folder(db->where) != 0) {
            return db_fail(db, NULL, ERR_IO, "%s: %s", db->where, strerror(errno));
        }
    } else if (errno != EEXIST) {
        return db_fail(db, NULL, ERR_IO, "%s: %s", db->where, strerror(errno));
    }
    struct stat st;
    struct statfs fs;
    if (stat(db->where, &st) != 0 || statfs(db->where, &fs) != 0) {
        return db_fail(db, NULL, ERR_IO, "%s: %s", db->where, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return db_fail(db, NULL, ERR_IO, "%s: is not a file", db->where);
    }
    const char *name = shared_name((uint32_t)fs.f_type);
    *wal = !name;
    if (name) {
        snprintf(db->warning, sizeof db->warning,
                 "The database lies on a shared file system (%s), which is slower and less safe: "
                 "keep it on a disk of this machine, or use PostgreSQL.",
                 name);
    }
    return ERR_OK;
}
