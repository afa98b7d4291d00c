// The functions behind tally_core, one block per file that defines them. What each promises stands in
// tally/core.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tally/core.h"
#include "tally/misuse.h"

namespace tally::core {

// entry.cpp
/// From here on `exiting` is right when the finalisers of modules run. Not from libtally's start on: a
/// handler that is registered before main is called after them.
void watch_exit();
/// Whether exit() has been called.
int exiting();

// fork.cpp
/// From here on a forked child finds no lock taken. False without memory for that.
bool start_fork();
void fork_add(tally_fork_locks* others);
void fork_remove(tally_fork_locks* others);

// threads.cpp
bool start_threads();
std::ptrdiff_t thread_offset();
tally_thread* thread_attach();
tally_thread& this_thread();
int thread_is_alive(std::uint64_t identity);
tally_status lane_reserve(std::uint32_t ordinal);
tally_status lane_add(tally_provider* provider, std::uint32_t class_index, std::uint32_t* ordinal);
void lane_remove(std::uint32_t ordinal);
tally_error* last_error();
tally_error* new_error();

// inside.cpp
/// Finds out whether the system can make the fence that callers are spared. Before any thread is attached.
void start_inside();
/// What tally_thread.room is for a thread that is attached.
std::uint32_t room();
int is_inside(const void* object);
int thread_is_inside(std::uint64_t identity, const void* object);

// directory.cpp
const tally_table* directory();
std::uint32_t table_add(tally_provider* provider, std::uint32_t class_index, std::uint32_t kind,
                        std::uint32_t* floor);
void table_remove(std::uint32_t id, std::uint32_t floor);

// providers.cpp
tally_status provider_add(tally_provider* provider);
void provider_remove(tally_provider* provider);
void providers(tally_provider_visitor visitor, void* user);

// sites.cpp
const std::uint32_t* epoch();
/// Objects have been loaded or are about to be unloaded: what is mapped now belongs to the epoch that ends
/// here.
void next_epoch();
std::size_t site_text(tally_site site, char* buffer, std::size_t capacity);
/// The whole path of its file, and the address of its call as the file has it. False if it is not known.
bool locate(tally_site site, char* path, std::size_t capacity, std::uint64_t* offset);
/// Whether code or data at this address is mapped from a file now.
bool is_mapped(const void* address);
/// With all locks: so that the child knows where its parent's objects come from. It does not look itself,
/// since another thread may have had the dynamic linker's locks.
void look_before_fork();
/// In the child, until it loads or unloads something.
void look_no_more();

/// Sets or clears bits of the word that modules read the epoch from: they ask stacks.cpp then.
void mark_epoch(std::uint32_t bits, bool is_set);

// stacks.cpp
constexpr std::uint32_t kMostFrames = 64;  // of a stack
/// Reads the environment.
void start_stacks();
/// From here on the site of one creation in `every` (0: none) is its stack, of at most so many frames (0: as
/// it was). TALLY_NOT_SUPPORTED without libtally_stacks.
tally_status keep_stacks(std::uint32_t every, std::uint32_t frames);
/// For a creation: the site with the stack of this thread, from its call at `caller` on; or `plain`, which is
/// that call alone.
tally_site stack_site(const void* caller, tally_site plain);
std::size_t site_stack(tally_site site, tally_site* calls, std::size_t capacity);
/// The innermost call of a stack; any other site as it is.
tally_site call_of(tally_site site);
/// In a forked child: libunwind would ask the dynamic linker, whose locks another thread may have had.
void take_no_more();

// beside.cpp
/// Loads a library that is installed beside libtally, for good; null if it is not there.
void* open_beside(const char* name);
void* function_in(void* library, const char* name);

// symbols.cpp
/// site_text, and in brackets the function, file and line, if they are to be had. Opens files, allocates,
/// takes its time: for reports.
std::size_t place_text(tally_site site, char* buffer, std::size_t capacity);
/// What is in the brackets; false if it is not to be had.
bool describe_place(tally_site site, char* buffer, std::size_t capacity);
/// After a report: closes the files.
void close_symbols();
/// In a forked child, whose parent may have been in the middle of it.
void describe_no_more();

// misuse.cpp
/// Reads the environment.
void start_misuse();
void misuse(const tally_error* error);
int misuse_action(int what);
void misuse_watch(tally_misuse_watcher* watcher);
void misuse_unwatch(tally_misuse_watcher* watcher);

/// How many misuses there have been of the kind, by status, and the first of them; 0 and nothing.
constexpr std::uint32_t kMisuseKinds = 32;
std::uint64_t misuses_of(std::uint32_t kind, tally_error* first);

// report.cpp, report_json.cpp
class Summary;
class Writer;
/// A report of now, as TALLY_REPORT_... has it. Returns how many are live or deferred.
std::uint64_t report(int descriptor, int format);
void write_json(Writer& out, Summary& summary, const char* moment);

// moments.cpp
/// Reads the environment.
void start_moments();
/// tally_report_at.
tally_status report_at(const char* wanted, const char* path);
/// The process has made its first misuse. Any thread, with locks held.
void first_misuse();
/// The process ends.
void report_exit();
/// In a forked child: the objects are its parent's, and the thread that reports is not here.
void report_no_more();

}  // namespace tally::core
