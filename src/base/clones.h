/* VECTOR_CLONES compiles a loop for wider registers too and picks one when the program starts.  The
 * operations and their order are the same, hence so are the bits (no fused multiply-add).  Only
 * with gcc: clang 14 leaves no symbol under the plain name for other files to call. */
#ifndef DUET_BASE_CLONES_H
#define DUET_BASE_CLONES_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                        \
    !defined(__SANITIZE_ADDRESS__)
#define VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_CLONES
#endif

#endif
