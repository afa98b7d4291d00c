/* The ledger: who created what, where, and who has not given it back. Reading it changes nothing and may be
   done from any thread at any time; the figures of a moment in which other threads create and destroy may be
   off by what they do. */
#ifndef TALLY_LEDGER_H
#define TALLY_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "tally/status.h"

TALLY_EXTERN_C_BEGIN

/* The balance of one class in one module: issued = retired + live + deferred. Strings belong to the module;
   copy what must outlast its unload. Only grows at its end; who reads it from another library's hands reads
   no more than that library knows of. */
typedef struct tally_balance {
  const char *module;     /* the module's name */
  const char *class_name; /* "codec.encoder"; "blob" for the module's blobs */
  uint64_t issued;        /* objects created */
  uint64_t retired;       /* objects destroyed */
  uint64_t live;          /* tokens that somebody still holds */
  uint64_t
      deferred;   /* tokens consumed whose destructor has not run; counted in neither `retired` nor `live` */
  uint64_t bytes; /* that the objects take whose destructor has not run: of a class, their own size, without
                     what they have allocated and without the runtime's bookkeeping; of "blob", what the blobs
                     hold; of "view", 0. 0 also if the module is of a release that did not tell. */
} tally_balance;

/* What a provider's `balance` writes, for readers of any release. */
#define TALLY_BALANCE_FIRST_SIZE 48

TALLY_STATIC_ASSERT(offsetof(tally_balance, bytes) == TALLY_BALANCE_FIRST_SIZE,
                    "the first members of tally_balance are frozen");
TALLY_STATIC_ASSERT(sizeof(tally_balance) == 56, "tally_balance only grows at its end");

/* Where an entry was made: the load epoch (16 bits) above the return address of the call (48 bits). 0 is
   unknown. With TALLY_SITE_STACK in place of an epoch it is libtally's number of a stack (tally_site_stack).
   Two sites of one process are the same exactly if they are equal. */
typedef uint64_t tally_site;
#define TALLY_SITE_STACK 0xFFFFu

/* One object that is not retired. */
typedef struct tally_entry {
  const char *module;
  const char *class_name;
  uint64_t handle;    /* what X_id() says of it, and no other object ever had; a blob, which has only a token,
                         has    such a number, too */
  tally_site created; /* the call that created it, or took it over */
  uint64_t thread;    /* the identity of the thread that created it */
  uint32_t deferred;  /* 1: the token is consumed, the destructor has not run */
  uint32_t confined;  /* 1: only that thread can bring it to its end, or any once that thread has ended; 0
                         also if the module is of a release that did not tell */
} tally_entry;

TALLY_STATIC_ASSERT(sizeof(tally_entry) == 48, "the layout of tally_entry is frozen");

/* What a reader is given each balance or entry with. Return 0 to go on, anything else to stop. */
typedef int(TALLY_CALL *tally_balance_visitor)(const tally_balance *balance, void *user);
typedef int(TALLY_CALL *tally_entry_visitor)(const tally_entry *entry, void *user);

/* The functions below are in the static library tallystick::host. */

/* Every class of every module that has created something, modules in the order in which they came. `module`
   names one module, null means all. The visitor may read the ledger, but must not create,
   destroy, load or unload. */
void tally_ledger_balances(const char *module, tally_balance_visitor visitor, void *user);

/* Every object that is live or deferred, of one module or (null) of all; the same rules. */
void tally_ledger_live(const char *module, tally_entry_visitor visitor, void *user);

/* "libcodec_host.so+0x12f4", into `buffer` (always
   terminated): the file and the offset of the call, as addr2line takes it. Right also when the file has been
   unloaded since. Returns the length that the whole text has. */
size_t tally_site_text(tally_site site, char *buffer, size_t capacity);

/* The same, and behind it in brackets the function, file and line, if the file has debug information, or at
   least the function: "libcodec_host.so+0x12f4 (pack at pack.c:31)"; with what the compiler has inlined, the
   innermost first: "(make at notes.c:12, inlined in main at notes.c:20)". Reads the file, as it is now, by
   libtally_symbols, without which (or with TALLY_SYMBOLS=0 in the environment, or in a forked child) it is
   tally_site_text. Takes milliseconds: for reports. */
size_t tally_site_place(tally_site site, char *buffer, size_t capacity);

/* From here on one creation (or retain) in `one_in` keeps not only its call but its stack (1: each; 0: none,
   as it is at first without TALLY_SITES in the environment), of at most `frames` calls (1 to 64; 0: as
   before, at first 8). TALLY_SITES=stack, stack:16, stack/200 and stack:16/200 ask for the same from the
   start. Each stack is kept once, and for good. What it costs is in tests/bench; method calls and destroys
   cost nothing more. Not on real-time threads. TALLY_NOT_SUPPORTED: there is no libtally_stacks.so.1 beside
   libtally. TALLY_INVALID_ARGUMENT: too many frames. */
tally_status tally_site_keep_stacks(uint32_t one_in, uint32_t frames);

/* The calls of a site, the one that created it first, then who had called that: each a site of its own.
   Writes at most `capacity`, and returns how many there are: 1 where no stack was kept, 0 of an unknown
   place. */
size_t tally_site_stack(tally_site site, tally_site *frames, size_t capacity);

/* Writes the table of balances to a file descriptor, and below it what is live, grouped by class and site.
   With `only_unbalanced` not 0 it writes nothing when nothing is live. Returns how many objects are live or
   deferred. */
uint64_t tally_ledger_write(int descriptor, int only_unbalanced);

/* Runs the deferred destructors that this thread may run. Returns how many it ran. For programs, not for a
   module's code: the object of a call that is under way may be among them. */
uint64_t tally_collect(void);

/* Waits until no destructor is deferred in `module` (null: in any), for at most so many milliseconds, and
   meanwhile runs those that this thread may run, as tally_collect() does. Returns how many are deferred then;
   0 is the success. It does not wait for what only this thread can bring about: it returns at once where all
   that is deferred are confined objects of this thread's, kept by a child, a view or a call that is under
   way, and inside any call of an object that several threads may use. For programs, before they unload or
   end; any thread. */
uint64_t tally_wait(const char *module, uint32_t milliseconds);

TALLY_EXTERN_C_END

#endif
