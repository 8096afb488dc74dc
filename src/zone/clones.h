/* VECTOR_CLONES compiles a loop for wider registers too and picks one when the program starts.  The
 * operations and their order are the same, hence so are the bits (no fused multiply-add). */
#ifndef DUET_ZONE_CLONES_H
#define DUET_ZONE_CLONES_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define VECTOR_CLONES
#endif
#endif
#ifndef VECTOR_CLONES
#define VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#endif
#else
#define VECTOR_CLONES
#endif

#endif
