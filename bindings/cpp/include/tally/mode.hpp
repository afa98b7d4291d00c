// How a translation unit wants to hear of failures, and what keeps apart the types that differ with it.
//
// By default calls that fail throw. With TALLY_EXPECTED defined, or without exceptions (-fno-exceptions),
// they return a tally::Expected. What depends on the choice stands in an inline namespace that is named after
// it, so that translation units with different choices can be linked into one program.
#pragma once

#if !defined(__cpp_exceptions) && !defined(TALLY_EXPECTED)
#define TALLY_EXPECTED
#endif

/* Of error classes, which do not depend on TALLY_EXPECTED: an author may throw one where callers return it.
 */
#if defined(__cpp_exceptions)
#define TALLY_ERROR_MODE throwable
#else
#define TALLY_ERROR_MODE returnable
#endif

/* Of everything that calls. */
#if !defined(TALLY_EXPECTED)
#define TALLY_MODE throwing
#elif defined(__cpp_exceptions)
#define TALLY_MODE expecting
#else
#define TALLY_MODE expecting_without_exceptions
#endif
