// When a report is made: as the process ends, at a signal, at the first misuse; and where it goes.
//
// A handler of signals may do next to nothing, and a misuse is told with locks held. So both only wake a
// thread that does nothing else; it is there only if one of these moments is asked for.
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "lock.hpp"
#include "services.hpp"
#include "summary.hpp"
#include "tally/report.h"
#include "writer.hpp"

namespace tally::core {
namespace {

struct Signal {
  const char* name;
  int number;
};

// Those that a program may have for itself.
constexpr Signal kSignals[] = {{"USR1", SIGUSR1},   {"USR2", SIGUSR2}, {"HUP", SIGHUP},   {"QUIT", SIGQUIT},
                               {"WINCH", SIGWINCH}, {"URG", SIGURG},   {"PROF", SIGPROF}, {"IO", SIGIO}};

enum Moment : unsigned { kExit = 1, kMisuse = 2, kSignal = 4 };

constinit Lock& lock = locks.reports;  // one report at a time
constinit unsigned moments = kExit;
constinit char file[4096] = "";   // empty: text on standard error
constinit bool is_begun = false;  // the file has been written to
constinit bool is_child = false;
constinit bool has_thread = false;
constinit unsigned asked = 0;  // moments that the thread has to report
sem_t wake;

/// The name with the process's id in place of each %p. False if it is too long.
bool name_of_file(char (&path)[4096]) {
  std::size_t size = 0;
  for (const char* at = file; *at != '\0'; ++at) {
    const bool is_id = at[0] == '%' && at[1] == 'p';
    const int length = is_id
                           ? std::snprintf(path + size, sizeof path - size, "%d", static_cast<int>(getpid()))
                           : std::snprintf(path + size, sizeof path - size, "%c", *at);
    if (length < 0 || size + static_cast<std::size_t>(length) >= sizeof path) return false;
    size += static_cast<std::size_t>(length);
    if (is_id) ++at;
  }
  path[size] = '\0';
  return true;
}

/// The first report of a process starts its file anew, the others go behind it.
int open_file() {
  char path[4096];
  const bool is_named = name_of_file(path);
  const int how = O_WRONLY | O_CREAT | O_CLOEXEC | (is_begun ? O_APPEND : O_TRUNC);
  const int descriptor = is_named ? open(path, how, 0666) : -1;
  if (descriptor < 0) {
    Writer(STDERR_FILENO)
        .print("tallystick: the report can't be written to '%s': %s\n", is_named ? path : file,
               std::strerror(is_named ? errno : ENAMETOOLONG));
  }
  is_begun = is_begun || descriptor >= 0;
  return descriptor;
}

void report_to_file(const char* moment) {
  const int descriptor = open_file();
  if (descriptor < 0) return;
  {
    Summary summary;
    Writer out(descriptor);
    write_json(out, summary, moment);
  }
  close_symbols();
  close(descriptor);
}

void report_to_terminal(unsigned moment) {
  {
    Writer out(STDERR_FILENO);
    out.print(moment == kMisuse ? "tallystick: the ledger after the first misuse:\n"
                                : "tallystick: the ledger:\n");
  }
  report(STDERR_FILENO, TALLY_REPORT_TEXT);
}

void report_moment(unsigned moment) {
  const Locked locked(lock);
  if (exiting()) return;  // its own report is the last
  if (file[0] != '\0')
    report_to_file(moment == kMisuse ? "misuse" : "signal");
  else
    report_to_terminal(moment);
}

void* run(void*) {
  for (;;) {
    while (sem_wait(&wake) != 0) {
    }
    const unsigned what = __atomic_exchange_n(&asked, 0, __ATOMIC_ACQUIRE);
    if (what & kMisuse) report_moment(kMisuse);
    if (what & kSignal) report_moment(kSignal);
  }
}

void ask(unsigned moment) {
  __atomic_or_fetch(&asked, moment, __ATOMIC_RELEASE);
  sem_post(&wake);
}

void handle(int) {
  const int error = errno;
  if (!is_child) ask(kSignal);
  errno = error;
}

/// It takes no signals: they are for the program's own threads.
bool start_thread() {
  if (has_thread) return true;
  if (sem_init(&wake, 0, 0) != 0) return false;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  has_thread = pthread_create(&thread, nullptr, run, nullptr) == 0 && pthread_detach(thread) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return has_thread;
}

bool handle_signal(int number) {
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  return sigaction(number, &action, nullptr) == 0;
}

int signal_named(const char* name, std::size_t length) {
  if (length > 3 && std::strncmp(name, "SIG", 3) == 0) name += 3, length -= 3;
  for (const Signal& each : kSignals) {
    if (std::strlen(each.name) == length && std::strncmp(each.name, name, length) == 0) return each.number;
  }
  return 0;
}

bool is_word(const char* word, std::size_t length, const char* wanted) {
  return std::strlen(wanted) == length && std::strncmp(word, wanted, length) == 0;
}

struct Plan {
  unsigned moments = 0;
  int signals[8] = {};
  unsigned signal_count = 0;

  bool add(const char* word, std::size_t length) {
    if (is_word(word, length, "exit"))
      moments |= kExit;
    else if (is_word(word, length, "misuse"))
      moments |= kMisuse;
    else if (const int number = signal_named(word, length); number != 0 && signal_count < 8)
      signals[signal_count++] = number, moments |= kSignal;
    else
      return is_word(word, length, "none");
    return true;
  }
};

/// "exit,misuse,USR1". False if a word is none of these.
bool understand(const char* text, Plan* plan) {
  for (;;) {
    const std::size_t length = std::strcspn(text, ",");
    if (!plan->add(text, length)) return false;
    if (text[length] == '\0') return true;
    text += length + 1;
  }
}

}  // namespace

tally_status report_at(const char* wanted, const char* path) {
  Plan plan;
  if (wanted && !understand(wanted, &plan)) return TALLY_INVALID_ARGUMENT;
  if (path && std::strlen(path) >= sizeof file) return TALLY_INVALID_ARGUMENT;
  const Locked locked(lock);
  if ((plan.moments & (kMisuse | kSignal)) && !start_thread()) return TALLY_SYSTEM_ERROR;
  for (unsigned i = 0; i < plan.signal_count; ++i) {
    if (!handle_signal(plan.signals[i])) return TALLY_SYSTEM_ERROR;
  }
  if (wanted) __atomic_store_n(&moments, plan.moments, __ATOMIC_RELAXED);
  if (path && std::strcmp(path, file) != 0) {
    std::memcpy(file, path, std::strlen(path) + 1);
    is_begun = false;
  }
  return TALLY_OK;
}

void start_moments() {
  const char* const wanted = std::getenv("TALLY_REPORT_ON");
  const char* const path = std::getenv("TALLY_REPORT");
  const tally_status status = report_at(wanted && wanted[0] != '\0' ? wanted : nullptr, path);
  if (status == TALLY_OK) return;
  Writer(STDERR_FILENO)
      .print(status == TALLY_INVALID_ARGUMENT
                 ? "tallystick: TALLY_REPORT_ON is '%s', which is no list of exit, misuse, none and signals "
                   "(USR1, USR2, HUP, QUIT, ...), or TALLY_REPORT is too long; both are taken for unset\n"
                 : "tallystick: TALLY_REPORT_ON is '%s', but the thread that reports can't be started\n",
             wanted ? wanted : "");
}

void first_misuse() {
  if ((__atomic_load_n(&moments, __ATOMIC_RELAXED) & kMisuse) && !is_child) ask(kMisuse);
}

void report_exit() {
  const Locked locked(lock);
  if (!(moments & kExit)) return;
  if (file[0] != '\0') report_to_file("exit");
  const char* const setting = std::getenv("TALLY_EXIT_REPORT");
  if (!setting || std::strcmp(setting, "0") != 0) report(STDERR_FILENO, TALLY_REPORT_LEFT);
}

void report_no_more() {
  is_child = true;
}

}  // namespace tally::core
