/* The host's side: load a module, agree with it, get its table of functions, unload it. These functions are
   in the static library tallystick::host, and may be called from any thread. */
#ifndef TALLY_HOST_H
#define TALLY_HOST_H

#include "tally/module.h"

TALLY_EXTERN_C_BEGIN

/* A loaded module. The host's own; not a handle. */
typedef struct tally_module tally_module;

/* Closes and unloads. Refused (TALLY_HAS_CHILDREN, the last error names what lives) while an object or a blob
   of the module lives, or a callback that it called has not returned; the module is then as it was.
   Afterwards `module` and all its tables are gone, and the pointer is good for nothing: a second unload is
   TALLY_ALREADY_DESTROYED, unless another module was loaded meanwhile and has come to the same address. It is
   for the program or library that loaded the module: others, with a tallystick::host of their own, do not
   know it. A null is a no-op. */
tally_status tally_module_unload(tally_module *module);

/* Loads a shared library, as dlopen(RTLD_NOW | RTLD_LOCAL) finds it, and opens it. On failure null, and
   `error` (may be null) and the last error name the file, what is wrong with it and, where versions differ,
   both: TALLY_SYSTEM_ERROR (no such file, not a shared library, unresolved symbols), TALLY_NOT_SUPPORTED (not
   a module), TALLY_VERSION_MISMATCH. Nothing stays loaded then. Give it back with tally_module_unload. */
tally_module *tally_module_load(const char *path, tally_error *error) TALLY_NODISCARD
    TALLY_PAIRED_WITH(tally_module_unload);

/* The same with an allocator and limits of the host's (null: none). TALLY_NULL_ARGUMENT: a function of the
   allocator is null (`reallocate` may be). TALLY_INVALID_ARGUMENT: the module has an allocator already, or
   something of it lives, and this is another. When a limit is reached, creators and calls that
   allocate answer TALLY_LIMIT_REACHED. Both end with the module's last unload. */
tally_module *tally_module_load_with(const char *path, const tally_module_options *options,
                                     tally_error *error) TALLY_NODISCARD
    TALLY_PAIRED_WITH(tally_module_unload);

/* The module's table of one interface; generated headers call it for you, as X_api_of. `own` is the interface
   as the caller was compiled with it: functions that both have must mean the same, by their hashes, errors
   and values of enums that both have must have the same numbers, and what an older module lacks is filled
   from the caller's own table, whose functions answer TALLY_NOT_SUPPORTED. The result lives as long as the
   module is loaded; its `size` is that of what the module has. Null on failure: TALLY_NOT_SUPPORTED (no such
   interface), TALLY_VERSION_MISMATCH (another major, or a function or a number that was changed, by name). */
const tally_table_header *tally_module_table(tally_module *module, const tally_interface *own,
                                             tally_error *error);

/* The name that the module gives itself, and the file it came from; "" of a null. They live as long as
   the module. */
const char *tally_module_name(const tally_module *module);
const char *tally_module_path(const tally_module *module);

/* For generated code: `function` came with version `since` of its interface, and the module is older. Records
   the last error and returns TALLY_NOT_SUPPORTED. */
tally_status tally_not_supported(const char *function, const char *since, tally_error *error);

/* Makes ready all that Tallystick keeps for the calling thread, once; else the thread's first creation, call
   of an object that several threads may use, or failure does that, and allocates. For threads that must not,
   as those of audio: from here on a call by handle allocates nothing and makes no system call, up to what its
   author does, whatever its object's thread rule; nor does its refusal. It takes no lock either, but for the
   first call of an exclusive object after another thread's, a refusal, and, of objects that several threads
   may use, one beyond the first million of its class and a call from inside a dozen others.
   TALLY_OUT_OF_MEMORY; TALLY_VERSION_MISMATCH (libtally is of another major). */
tally_status tally_thread_attach(void);

/* From here on the calling thread is real-time (or, with 0, no longer): tally_thread_attach, and no
   destructor runs on it any more. What it destroys, releases, frees or closes is consumed at once, without
   allocating, a system call or a lock, and its destructor handed to another thread (TALLY_DEFERRED): the next
   one that creates or destroys something of that interface, collects (tally_collect) or waits (tally_wait).
   So is the end of what others have destroyed while the thread was inside. A confined object is only ever
   ended by its own thread: such destructors wait until it is no longer real-time, and creates, destroys,
   collects or ends. `X_try_destroy` answers TALLY_WRONG_THREAD, since the destructor can't run at once.
   Errors as of tally_thread_attach, and then nothing has changed. */
tally_status tally_thread_realtime(int is_realtime);

TALLY_EXTERN_C_END

#endif
