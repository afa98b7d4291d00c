/* The types of a C signature that C has no fixed form for. */
#ifndef TALLY_TYPES_H
#define TALLY_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* True or false, one byte wide in every language. Any value but 0 is true. */
typedef uint8_t tally_bool;

/* As the size of a text argument: the text ends with a NUL, measure it. */
#define TALLY_NUL_TERMINATED SIZE_MAX

#endif
