/* A file system of SQLite that fails: from the nth call on that touches a file (open, read, write,
 * sync, truncate, lock, shared memory, delete, access), until it is turned off.
 *
 *     faultvfs_install();              before the first connection
 *     faultvfs_fail_at(n, SQLITE_IOERR_WRITE is chosen by the call) ... faultvfs_fail_at(0)
 *     faultvfs_calls()                 how many there were since */
#ifndef DUET_TESTS_DB_FAULTVFS_H
#define DUET_TESTS_DB_FAULTVFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct faultvfs_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static struct {
    sqlite3_vfs vfs, *real;
    long calls, fail_at;
    bool full; /* writes fail for want of room, not by an error */
} faultvfs;

static inline bool faultvfs_fails(void)
{
    faultvfs.calls++;
    return faultvfs.fail_at > 0 && faultvfs.calls >= faultvfs.fail_at;
}

static inline sqlite3_file *faultvfs_real(sqlite3_file *file)
{
    return ((struct faultvfs_file *)(void *)file)->real;
}

/* Closing and unlocking do not fail: what is left of a program does that in any case. */
static inline int faultvfs_close(sqlite3_file *file)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static inline int faultvfs_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_READ : real->pMethods->xRead(real, to, n, at);
}

static inline int faultvfs_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    sqlite3_file *real = faultvfs_real(file);
    if (faultvfs_fails()) {
        /* half of it arrives */
        (void)real->pMethods->xWrite(real, from, n / 2, at);
        return faultvfs.full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real->pMethods->xWrite(real, from, n, at);
}

static inline int faultvfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_TRUNCATE : real->pMethods->xTruncate(real, size);
}

static inline int faultvfs_sync(sqlite3_file *file, int flags)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_FSYNC : real->pMethods->xSync(real, flags);
}

static inline int faultvfs_size(sqlite3_file *file, sqlite3_int64 *size)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_FSTAT : real->pMethods->xFileSize(real, size);
}

static inline int faultvfs_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_LOCK : real->pMethods->xLock(real, level);
}

static inline int faultvfs_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods->xUnlock(real, level);
}

static inline int faultvfs_reserved(sqlite3_file *file, int *is)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_CHECKRESERVEDLOCK
                            : real->pMethods->xCheckReservedLock(real, is);
}

static inline int faultvfs_control(sqlite3_file *file, int op, void *arg)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods->xFileControl(real, op, arg);
}

static inline int faultvfs_sector(sqlite3_file *file)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods->xSectorSize(real);
}

static inline int faultvfs_device(sqlite3_file *file)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

static inline int faultvfs_shm_map(sqlite3_file *file, int page, int size, int extend,
                                   void volatile **to)
{
    sqlite3_file *real = faultvfs_real(file);
    return faultvfs_fails() ? SQLITE_IOERR_SHMMAP
                            : real->pMethods->xShmMap(real, page, size, extend, to);
}

static inline int faultvfs_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    sqlite3_file *real = faultvfs_real(file);
    if (!(flags & SQLITE_SHM_UNLOCK) && faultvfs_fails()) {
        return SQLITE_IOERR_SHMLOCK;
    }
    return real->pMethods->xShmLock(real, offset, n, flags);
}

static inline void faultvfs_shm_barrier(sqlite3_file *file)
{
    sqlite3_file *real = faultvfs_real(file);
    real->pMethods->xShmBarrier(real);
}

static inline int faultvfs_shm_unmap(sqlite3_file *file, int remove)
{
    sqlite3_file *real = faultvfs_real(file);
    return real->pMethods->xShmUnmap(real, remove);
}

static const sqlite3_io_methods faultvfs_methods = {
    .iVersion = 2,
    .xClose = faultvfs_close,
    .xRead = faultvfs_read,
    .xWrite = faultvfs_write,
    .xTruncate = faultvfs_truncate,
    .xSync = faultvfs_sync,
    .xFileSize = faultvfs_size,
    .xLock = faultvfs_lock,
    .xUnlock = faultvfs_unlock,
    .xCheckReservedLock = faultvfs_reserved,
    .xFileControl = faultvfs_control,
    .xSectorSize = faultvfs_sector,
    .xDeviceCharacteristics = faultvfs_device,
    .xShmMap = faultvfs_shm_map,
    .xShmLock = faultvfs_shm_lock,
    .xShmBarrier = faultvfs_shm_barrier,
    .xShmUnmap = faultvfs_shm_unmap,
};

static inline int faultvfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                                int *out)
{
    struct faultvfs_file *own = (void *)file;
    (void)vfs;
    own->base.pMethods = NULL;
    own->real = (sqlite3_file *)(void *)(own + 1);
    if (faultvfs_fails()) {
        return SQLITE_CANTOPEN;
    }
    int rc = faultvfs.real->xOpen(faultvfs.real, name, own->real, flags, out);
    own->base.pMethods = own->real->pMethods ? &faultvfs_methods : NULL;
    return rc;
}

static inline int faultvfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return faultvfs_fails() ? SQLITE_IOERR_DELETE
                            : faultvfs.real->xDelete(faultvfs.real, name, sync);
}

static inline int faultvfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    return faultvfs_fails() ? SQLITE_IOERR_ACCESS
                            : faultvfs.real->xAccess(faultvfs.real, name, flags, out);
}

static inline void faultvfs_install(void)
{
    faultvfs.real = sqlite3_vfs_find(NULL);
    faultvfs.vfs = *faultvfs.real;
    faultvfs.vfs.pNext = NULL;
    faultvfs.vfs.zName = "fault";
    faultvfs.vfs.szOsFile = (int)sizeof(struct faultvfs_file) + faultvfs.real->szOsFile;
    faultvfs.vfs.xOpen = faultvfs_open;
    faultvfs.vfs.xDelete = faultvfs_delete;
    faultvfs.vfs.xAccess = faultvfs_access;
    sqlite3_vfs_register(&faultvfs.vfs, 1);
}

static inline void faultvfs_fail_at(long nth, bool full)
{
    faultvfs.calls = 0;
    faultvfs.fail_at = nth;
    faultvfs.full = full;
}

#endif
