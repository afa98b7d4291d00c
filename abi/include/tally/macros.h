/* What the compilers call differently: linkage, visibility, calling convention, and the marks that let a
   compiler check ownership. A compiler that lacks one gets nothing in its place. */
#ifndef TALLY_MACROS_H
#define TALLY_MACROS_H

#if !defined(__LP64__) && !defined(_LP64)
#error "Tallystick needs a 64-bit target"
#endif

#ifdef __cplusplus
#define TALLY_EXTERN_C_BEGIN extern "C" {
#define TALLY_EXTERN_C_END }
#define TALLY_NULL nullptr
#else
#define TALLY_EXTERN_C_BEGIN
#define TALLY_EXTERN_C_END
#define TALLY_NULL NULL
#endif

/* The calling convention of every function and callback that crosses: the platform's C convention. */
#define TALLY_CALL

#if defined(__GNUC__) || defined(__clang__)
#define TALLY_EXPORT __attribute__((visibility("default")))
#define TALLY_HIDDEN __attribute__((visibility("hidden")))
#define TALLY_NODISCARD __attribute__((warn_unused_result))
#define TALLY_UNUSED __attribute__((unused))
#define TALLY_PRINTF(format, first) __attribute__((format(printf, format, first)))
#else
#define TALLY_EXPORT
#define TALLY_HIDDEN
#define TALLY_NODISCARD
#define TALLY_UNUSED
#define TALLY_PRINTF(format, first)
#endif

/* On a function that returns a token: `destroy` is the function that takes it back. gcc then reports a wrong
   or a second destroy, and with -fanalyzer a missing one. clang has no such form. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define TALLY_PAIRED_WITH(destroy) __attribute__((malloc(destroy, 1)))
#else
#define TALLY_PAIRED_WITH(destroy)
#endif

#if defined(__cplusplus)
#define TALLY_STATIC_ASSERT(condition, text) static_assert(condition, text)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define TALLY_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#elif defined(__GNUC__) || defined(__clang__)
/* C99 has none, but these compilers do. */
#define TALLY_STATIC_ASSERT(condition, text) __extension__ _Static_assert(condition, text)
#else
#define TALLY_STATIC_ASSERT(condition, text) struct tally_no_static_assert
#endif

#endif
