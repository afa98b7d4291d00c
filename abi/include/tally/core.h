/* The contract of libtally, the one part of Tallystick that a process has once. Module runtimes and the host
   library use it; programs do not.

   libtally.so.1 exports one entry, tally_core_entry. What it returns begins with its size and only grows at
   the end, so that a module built later runs on an older libtally: it looks at `size`, and does without what
   is not there.

   No object's memory belongs to libtally, and nothing here is on the path of a call. */
#ifndef TALLY_CORE_H
#define TALLY_CORE_H

#include <stddef.h>
#include <stdint.h>

#include "tally/blob.h"
#include "tally/error.h"
#include "tally/ledger.h"
#include "tally/misuse.h"
#include "tally/version.h"

TALLY_EXTERN_C_BEGIN

/* A word, from its highest bit: 17 bits table id, 23 bits generation, 24 bits slot. */
#define TALLY_SLOT_BITS 24
#define TALLY_GENERATION_BITS 23
#define TALLY_TABLE_BITS 17
#define TALLY_TABLE_COUNT (1u << TALLY_TABLE_BITS)
#define TALLY_WORD_SLOT(word) ((uint32_t)((word) & ((1u << TALLY_SLOT_BITS) - 1)))
#define TALLY_WORD_GENERATION(word) \
  ((uint32_t)((uint64_t)(word) >> TALLY_SLOT_BITS) & ((1u << TALLY_GENERATION_BITS) - 1))
#define TALLY_WORD_TABLE(word) ((uint32_t)((uint64_t)(word) >> (TALLY_SLOT_BITS + TALLY_GENERATION_BITS)))

TALLY_STATIC_ASSERT(TALLY_SLOT_BITS + TALLY_GENERATION_BITS + TALLY_TABLE_BITS == 64, "a word has 64 bits");

/* The objects that a thread is inside of: as many as it notes without a lock. */
#define TALLY_INSIDE_ROOM 12

/* What libtally keeps for a thread, in its thread-local storage. Read it at thread pointer +
   tally_core.thread_offset.

   A call of an object that several threads may use notes the object in `inside` before it looks whether the
   object is still there, and takes the note back when it leaves: it raises `depth`, then writes the entry; to
   leave, it clears the entry, then lowers `depth`: all with release, so that whoever finds it outside sees
   what it has done inside as done. Only the thread itself writes these. Who ends an object first makes it
   impossible to enter, then asks is_inside: the fence between a call's note and its look is made there, on
   all threads at once (membarrier), and costs a call nothing. */
typedef struct tally_thread {
  uint64_t identity; /* never used again for another thread; 0 until thread_attach */
  void **lanes; /* each table's part that belongs to this thread, by the table's lane ordinal; null where it
                   has none */
  uint32_t lane_count; /* entries in `lanes` */
  uint32_t room;       /* entries of `inside` that may be used without a fence of the call's own; 0 until
                          thread_attach, and where the system has no membarrier */
  uint32_t depth;      /* entries in use */
  uint32_t failures;   /* how many the thread has recorded: counted by new_error, and starts over when full */
  uint64_t ends_as;    /* the identity; 0 while the thread is real-time: then no destructor runs on it, and
                          what it destroys others end */
  const void *inside[TALLY_INSIDE_ROOM];
  uint32_t until_stack; /* creations, this one included, until the next whose stack is kept */
  uint32_t reserved;
} tally_thread;

/* Above the epoch in the word that `epoch` leads to: some sites are stacks, and stack_site makes them. */
#define TALLY_EPOCH_STACKS (1u << 16)

/* What a table id stands for. */
enum {
  TALLY_TABLE_FREE = 0,
  TALLY_TABLE_HANDLES = 1,
  TALLY_TABLE_TOKENS = 2,
  TALLY_TABLE_BLOBS = 3, /* tokens of blobs */
  TALLY_TABLE_VIEWS = 4  /* tokens of views */
};

struct tally_provider;

/* An entry of the directory of table ids. */
typedef struct tally_table {
  struct tally_provider *provider; /* null when the id is free */
  uint32_t class_index;            /* into the provider's classes */
  uint32_t kind;                   /* TALLY_TABLE_... */
  uint32_t floor; /* generations from here on may be issued; below it, they were by an earlier table */
  uint32_t reserved;
} tally_table;

/* What became of a word, as its provider knows it. */
typedef struct tally_word_state {
  tally_status status; /* TALLY_OK while it is good; else why not: stale, already destroyed, given away, never
                          issued */
  uint32_t reserved;
  uint64_t handle;    /* of the object; 0 if it is not live */
  tally_site created; /* 0: no longer known */
  tally_site retired; /* where the word was retired; 0: it is good, or no longer known */
} tally_word_state;

/* A module's (or a host's) face to libtally and, through it, to others. Members are the provider's, and
   constant while it is registered. Functions may be called from any thread. */
typedef struct tally_provider {
  uint32_t size; /* of this struct, as the provider knows it */
  uint32_t class_count;
  const char *name;      /* the module's name */
  const char *interface; /* "codec" */
  void *address;         /* somewhere in the module, to know its file by */
  const char *(TALLY_CALL *class_name)(struct tally_provider *provider, uint32_t class_index);
  /* Writes the first TALLY_BALANCE_FIRST_SIZE bytes of *out and leaves the others alone: a reader may have
     room for no more. */
  void(TALLY_CALL *balance)(struct tally_provider *provider, uint32_t class_index, tally_balance *out);
  int(TALLY_CALL *live)(struct tally_provider *provider, uint32_t class_index, tally_entry_visitor visitor,
                        void *user);
  void(TALLY_CALL *inspect)(struct tally_provider *provider, uint32_t class_index, uint64_t word,
                            tally_word_state *out);
  tally_status(TALLY_CALL *blob_free)(struct tally_provider *provider, uint64_t token, void *caller);
  uint64_t(TALLY_CALL *collect)(struct tally_provider *provider);
  /* A thread with this lane ends, on that thread; called before its identity is forgotten. */
  void(TALLY_CALL *thread_ended)(struct tally_provider *provider, uint32_t class_index, void *lane);
  /* tally_blob_resize. */
  tally_status(TALLY_CALL *blob_resize)(struct tally_provider *provider, tally_blob *blob, size_t size,
                                        void *caller);
  /* Another owner takes the blob: *blob is then what the provider knows of it, with a new token. A refusal
     names the function that takes it, and its parameter. */
  tally_status(TALLY_CALL *blob_take)(struct tally_provider *provider, tally_blob *blob, const char *function,
                                      const char *parameter, void *caller);
  /* Undoes it: the old token is good again, the one that was given for it is not. */
  void(TALLY_CALL *blob_give_back)(struct tally_provider *provider, uint64_t token, uint64_t taken);
  /* tally_view_close. */
  tally_status(TALLY_CALL *view_close)(struct tally_provider *provider, uint64_t token, void *caller);
  /* tally_balance.bytes. Not there in a provider whose `size` ends before it. */
  uint64_t(TALLY_CALL *bytes)(struct tally_provider *provider, uint32_t class_index);
} tally_provider;

/* The whole balance of a class, as far as the provider can tell. */
static inline void tally_provider_balance(tally_provider *provider, uint32_t class_index,
                                          tally_balance *out) {
  out->bytes = 0;
  provider->balance(provider, class_index, out);
  if (provider->size > offsetof(tally_provider, bytes)) out->bytes = provider->bytes(provider, class_index);
}

/* The locks of a library that is not libtally: a forked child has one thread, and must find none of them
   taken by another. The struct is the library's, and libtally's to write to while it is registered. */
typedef struct tally_fork_locks {
  struct tally_fork_locks *next;
  void(TALLY_CALL *take)(void);   /* before a fork, on the thread that forks: takes all of them */
  void(TALLY_CALL *let_go)(void); /* after it, in the parent as in the child */
} tally_fork_locks;

/* What a reader of providers is given each with. Return 0 to go on. */
typedef int(TALLY_CALL *tally_provider_visitor)(tally_provider *provider, void *user);

/* libtally's services. All functions may be called from any thread; those that can fail return a status or
 * null. */
typedef struct tally_core {
  uint32_t size; /* of this struct, as this libtally knows it */
  uint16_t abi_major;
  uint16_t abi_minor;
  const char *release;

  ptrdiff_t thread_offset; /* from the thread pointer to the thread's tally_thread */
  const uint32_t *epoch;   /* the load epoch, less than 65,535: rises when a module comes or goes; above these
                              16 bits TALLY_EPOCH_STACKS */
  const tally_table *directory; /* TALLY_TABLE_COUNT entries, by table id */

  /* Gives the calling thread its identity, once; null when out of memory. */
  tally_thread *(TALLY_CALL *thread_attach)(void);
  /* Whether the thread with this identity has not ended. */
  int(TALLY_CALL *thread_is_alive)(uint64_t identity);
  /* Makes room for `ordinal` in the calling thread's lanes. */
  tally_status(TALLY_CALL *lane_reserve)(uint32_t ordinal);
  /* A lane ordinal for a class, and its end: every thread's entry is nulled. TALLY_OK or an error. */
  tally_status(TALLY_CALL *lane_add)(tally_provider *provider, uint32_t class_index, uint32_t *ordinal);
  void(TALLY_CALL *lane_remove)(uint32_t ordinal);

  /* A table id and the first generation it may issue; 0 when all are used up. */
  uint32_t(TALLY_CALL *table_add)(tally_provider *provider, uint32_t class_index, uint32_t kind,
                                  uint32_t *floor);
  /* Gives it back; `floor` is one above the highest generation issued. */
  void(TALLY_CALL *table_remove)(uint32_t table, uint32_t floor);

  tally_status(TALLY_CALL *provider_add)(tally_provider *provider);
  void(TALLY_CALL *provider_remove)(tally_provider *provider);
  /* Each provider under a lock: the visitor must not add or remove one. */
  void(TALLY_CALL *providers)(tally_provider_visitor visitor, void *user);

  /* The calling thread's last error, to be read. Never null. */
  tally_error *(TALLY_CALL *last_error)(void);

  size_t(TALLY_CALL *site_text)(tally_site site, char *buffer, size_t capacity);
  /* Whether exit() has been called: what is live now is reported, not destroyed. */
  int(TALLY_CALL *exiting)(void);
  uint64_t(TALLY_CALL *report)(int descriptor, int format); /* tally_report_write */

  /* Whether any thread has noted the object; what a call wrote before it left is then visible. */
  int(TALLY_CALL *is_inside)(const void *object);
  /* Whether the thread with this identity has. With TALLY_CHECK=exact in the environment exactly; else a note
     that it makes at this very moment may be missed. */
  int(TALLY_CALL *thread_is_inside)(uint64_t identity, const void *object);

  /* The calling thread's last error, for a failure to write: counts one. Never null. */
  tally_error *(TALLY_CALL *new_error)(void);

  /* From here on every fork takes these locks, until fork_remove has returned: then no thread is in their
     functions, and the library may be unmapped. (A pthread_atfork handler is not waited for.) Neither may be
     called with one of the locks held. */
  void(TALLY_CALL *fork_add)(tally_fork_locks *locks);
  void(TALLY_CALL *fork_remove)(tally_fork_locks *locks);

  /* A misuse has been recorded: told by the module in which it was made, after it has written the text. */
  void(TALLY_CALL *misuse)(const tally_error *error);
  /* tally_misuse_action, but that the error is not recorded; tally_misuse_watch, tally_misuse_unwatch. */
  int(TALLY_CALL *misuse_action)(int action);
  void(TALLY_CALL *misuse_watch)(tally_misuse_watcher *watcher);
  void(TALLY_CALL *misuse_unwatch)(tally_misuse_watcher *watcher);

  /* tally_site_place. */
  size_t(TALLY_CALL *place_text)(tally_site site, char *buffer, size_t capacity);

  /* For the site of a creation: this thread's stack, from its call that returns to `caller` on; or `plain`,
     which is that call alone, where it can't be had. Counts until_stack anew. May allocate, and take locks
     that nothing is called under. */
  tally_site(TALLY_CALL *stack_site)(const void *caller, tally_site plain);
  /* tally_site_stack, tally_site_keep_stacks. */
  size_t(TALLY_CALL *site_stack)(tally_site site, tally_site *frames, size_t capacity);
  tally_status(TALLY_CALL *keep_stacks)(uint32_t one_in, uint32_t frames);
  /* tally_report_at. */
  tally_status(TALLY_CALL *report_at)(const char *moments, const char *file);
} tally_core;

/* What every libtally of this major offers. A module asks `size` before it uses what comes after. */
#define TALLY_CORE_FIRST_SIZE (offsetof(tally_core, report_at) + sizeof(void *))

/* The one entry. Null if this libtally is of another major than `abi_major`. Where a process has several
   files of libtally (under another name, or loaded by another path), the first to start answers for all. */
TALLY_EXPORT const tally_core *TALLY_CALL tally_core_entry(uint16_t abi_major);

TALLY_EXTERN_C_END

#endif
