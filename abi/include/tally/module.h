/* What a module exports, and how it and a host agree on what they will say to each other. Negotiation
   precedes everything: nothing else of a module is called before its entry has answered. The layout of offer
   and answer, up to the members of ABI 1.0, is the same in every major. */
#ifndef TALLY_MODULE_H
#define TALLY_MODULE_H

#include <stddef.h>
#include <stdint.h>

#include "tally/allocator.h"
#include "tally/error.h"
#include "tally/version.h"

TALLY_EXTERN_C_BEGIN

/* Every table of functions begins with this. A function is there if it ends within `size`. */
typedef struct tally_table_header {
  uint32_t size;  /* bytes, this header included */
  uint16_t major; /* the interface version that the table has */
  uint16_t minor;
} tally_table_header;

/* A function as both sides must agree on it: its name, and the hash of its meaning (types, own and borrow,
   the thread rule of its class). */
typedef struct tally_function {
  const char *name; /* "encoder.write" */
  uint64_t hash;
} tally_function;

/* An error, or a value of an enum: a number that both sides must give the same name to. */
typedef struct tally_number {
  const char *name; /* "errors.corrupt_input", "enums.mode.fast" */
  int32_t value;
} tally_number;

/* An interface as one side was compiled with it. */
typedef struct tally_interface {
  uint32_t size;
  uint32_t function_count; /* in `functions` and in the table, in the same order */
  const char *name;
  const tally_table_header *table;
  const tally_function *functions;
  const tally_number *numbers; /* in any order; null if there are none */
  uint32_t number_count;
  uint32_t reserved;
} tally_interface;

/* Whether a table has a function: TALLY_HAS(codec_api, api, encoder_flush). */
#define TALLY_HAS(type, api, function) \
  (offsetof(type, function) + sizeof((api)->function) <= (api)->header.size)

/* The table that begins with a header, for generated code. */
#ifdef __cplusplus
#define TALLY_TABLE_OF(type, header) (static_cast<const type *>(static_cast<const void *>(header)))
#else
#define TALLY_TABLE_OF(type, header) ((const type *)(const void *)(header))
#endif

/* What a host asks for. */
typedef struct tally_module_offer {
  uint32_t size;
  uint16_t abi_major;
  uint16_t abi_minor;
  const char *interface; /* its name, or null to ask for nothing but the module's name and versions */
  uint16_t interface_major;
  uint16_t interface_minor;
  uint32_t reserved;
  const tally_module_options *options; /* for the opening; null: none */
} tally_module_offer;

/* What the module answers: written also when it refuses. The caller sets `size` and zeroes the rest; the
   module writes only the members that lie within. */
typedef struct tally_module_answer {
  uint32_t size;
  uint16_t abi_major; /* the module's */
  uint16_t abi_minor;
  uint16_t interface_major; /* the module's version of the interface; 0.0 if it has no such interface */
  uint16_t interface_minor;
  uint32_t reserved;
  const char *name;                 /* the module's name */
  const char *interfaces;           /* what it exports: "codec 1.0", separated by ", " */
  const tally_interface *interface; /* the module's, for as long as it is open; null on refusal */
  /* Ends one opening. The last one is refused (TALLY_HAS_CHILDREN, and `error` names them) while objects or
     blobs of the module live, and afterwards the module may be unloaded. Null on refusal. */
  tally_status(TALLY_CALL *close)(tally_error *error);
} tally_module_answer;

/* TALLY_OK: the module is open, and stays so until close. TALLY_VERSION_MISMATCH, TALLY_NOT_SUPPORTED:
 * refused. */
typedef tally_status(TALLY_CALL *tally_module_entry_function)(const tally_module_offer *offer,
                                                              tally_module_answer *answer);

/* The symbol that every module exports. */
#define TALLY_MODULE_ENTRY tally_module_entry
#define TALLY_MODULE_ENTRY_NAME "tally_module_entry"

TALLY_EXTERN_C_END

#endif
