// See tally/testing/gtest.hpp. Compiled with the tests that it checks.
#include "tally/testing/gtest.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tally/misuse.h"

namespace tally::testing {

// What was live or deferred at a moment: each object by its handle, each reference also by its site.
struct Snapshot {
  using Key = std::pair<std::uint64_t, tally_site>;
  std::map<Key, std::uint64_t> entries;
};

namespace {

// What is there now and was not before, by module, class and site.
struct Group {
  std::string module;
  std::string class_name;
  tally_site created;
  std::uint64_t count = 0;
  bool is_deferred = false;
};

struct Left {
  std::uint64_t count = 0;
  std::vector<Group> groups;
};

Snapshot snapshot() {
  Snapshot now;
  tally_ledger_live(
      nullptr,
      [](const tally_entry* entry, void* user) {
        ++static_cast<Snapshot*>(user)->entries[{entry->handle, entry->created}];
        return 0;
      },
      &now);
  return now;
}

struct Comparison {
  Snapshot before;  // what has been found again is taken out
  std::map<std::tuple<std::string, std::string, tally_site, bool>, std::uint64_t> came;
};

int compare_entry(const tally_entry* entry, void* user) {
  Comparison& comparison = *static_cast<Comparison*>(user);
  const auto found = comparison.before.entries.find({entry->handle, entry->created});
  if (found != comparison.before.entries.end() && found->second != 0) {
    --found->second;
  } else {
    ++comparison.came[{entry->module, entry->class_name, entry->created, entry->deferred != 0}];
  }
  return 0;
}

Left left_since(const Snapshot& before) {
  Comparison comparison{before, {}};
  tally_ledger_live(nullptr, compare_entry, &comparison);
  Left left;
  for (const auto& [key, count] : comparison.came) {
    const auto& [module, class_name, created, is_deferred] = key;
    left.count += count;
    left.groups.push_back({module, class_name, created, count, is_deferred});
  }
  return left;
}

std::string text_of(tally_site site) {
  char text[1024];
  tally_site_place(site, text, sizeof text);
  return text;
}

std::string text_of(const Left& left) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(left.groups.size(), kMost); ++i) {
    const Group& group = left.groups[i];
    text += "\n  " + std::to_string(group.count) + " x " + group.class_name + " of " + group.module +
            ", created at " + text_of(group.created);
    if (group.is_deferred) text += "; destroyed, but its destructor has not run";
  }
  if (left.groups.size() > kMost)
    text += "\n  and from " + std::to_string(left.groups.size() - kMost) + " other places";
  return text;
}

std::string objects(std::uint64_t count) {
  return count == 1 ? "1 object" : std::to_string(count) + " objects";
}

struct Allowed {
  std::string class_name;
  std::uint64_t count;
  std::string reason;
};

// Takes out what may stay, the first sites first. Says what was allowed if it was not enough.
std::string take_allowed(std::vector<Allowed> allowed, Left* left) {
  std::string text;
  for (Allowed& each : allowed) {
    const Allowed given = each;
    for (Group& group : left->groups) {
      if (group.class_name != each.class_name) continue;
      const std::uint64_t taken = std::min(group.count, each.count);
      group.count -= taken;
      left->count -= taken;
      each.count -= taken;
    }
    text += "\n  beside the " + std::to_string(given.count) + " x " + given.class_name +
            " that may stay: " + given.reason;
  }
  left->groups.erase(std::remove_if(left->groups.begin(), left->groups.end(),
                                    [](const Group& each) { return each.count == 0; }),
                     left->groups.end());
  return text;
}

// Misuses that no test has looked at. Told on any thread, with locks held.
class Misuses {
 public:
  Misuses() : watcher_{nullptr, told, this} { tally_misuse_watch(&watcher_); }
  Misuses(const Misuses&) = delete;
  Misuses& operator=(const Misuses&) = delete;
  ~Misuses() { tally_misuse_unwatch(&watcher_); }

  bool take_first(tally_error* error) {
    const std::lock_guard<std::mutex> locked(mutex_);
    if (errors_.empty()) return false;
    *error = errors_.front();
    errors_.pop_front();
    return true;
  }

  std::vector<std::string> take_all() {
    const std::lock_guard<std::mutex> locked(mutex_);
    std::vector<std::string> texts;
    for (const tally_error& each : errors_) texts.emplace_back(each.text);
    errors_.clear();
    return texts;
  }

 private:
  static void TALLY_CALL told(tally_misuse_watcher* watcher, const tally_error* error) {
    Misuses& misuses = *static_cast<Misuses*>(watcher->user);
    const std::lock_guard<std::mutex> locked(misuses.mutex_);
    misuses.errors_.push_back(*error);
  }

  tally_misuse_watcher watcher_;
  std::mutex mutex_;
  std::deque<tally_error> errors_;
};

const char* name_of(tally_status status) {
  return status >= 0 ? "no misuse" : tally_status_text(status);
}

// How long destructors that wait for other threads are waited for.
constexpr std::uint32_t kPatience = 1000;  // milliseconds

void let_end() {
  tally_collect();
  tally_wait(nullptr, kPatience);
}

class Listener : public ::testing::EmptyTestEventListener {
 public:
  static Listener& instance() {
    static Listener* const only = new Listener;  // GoogleTest deletes it
    return *only;
  }

  void allow(Allowed allowed) { (is_in_test_ ? allowed_ : allowed_to_suite_).push_back(std::move(allowed)); }
  const Snapshot& at_start() const { return is_in_test_ ? at_start_ : at_suite_start_; }
  Misuses& misuses() { return misuses_; }

 private:
  void OnTestSuiteStart(const ::testing::TestSuite&) override {
    misuses_.take_all();
    at_suite_start_ = snapshot();
    allowed_to_suite_.clear();
  }

  void OnTestStart(const ::testing::TestInfo&) override {
    is_in_test_ = true;
    allowed_.clear();
    at_start_ = snapshot();
  }

  void OnTestEnd(const ::testing::TestInfo& test) override {
    is_in_test_ = false;
    check_misuses("this test", test.file(), test.line());
    check("this test", at_start_, allowed_, test.file(), test.line());
    keep(at_start_);
  }

  void OnTestSuiteEnd(const ::testing::TestSuite& suite) override {
    const std::string name = std::string("the suite ") + suite.name();
    check_misuses(name, nullptr, -1);
    check(name, at_suite_start_, allowed_to_suite_, nullptr, -1);
  }

  // What a test has left is its own affair, and not its suite's once more.
  void keep(const Snapshot& before) {
    Snapshot now = snapshot();
    for (const auto& [key, count] : before.entries) {
      const auto found = now.entries.find(key);
      if (found != now.entries.end()) found->second -= std::min(found->second, count);
    }
    for (const auto& [key, count] : now.entries) {
      if (count != 0) at_suite_start_.entries[key] += count;
    }
  }

  static void fail(const char* file, int line, const std::string& text) {
    ADD_FAILURE_AT(file, line) << text;
  }

  void check_misuses(const std::string& who, const char* file, int line) {
    for (const std::string& text : misuses_.take_all()) {
      fail(file, line,
           "tallystick: " + who + " made a misuse that it did not look at:\n  " + text +
               "\nmend the call, or say that it is meant with EXPECT_MISUSE");
    }
  }

  static void check(const std::string& who, const Snapshot& before, const std::vector<Allowed>& allowed,
                    const char* file, int line) {
    if (left_since(before).count == 0) return;
    let_end();
    Left left = left_since(before);
    const std::string reasons = take_allowed(allowed, &left);
    if (left.count == 0) return;
    fail(file, line,
         "tallystick: " + who + " has left " + objects(left.count) + " behind:" + text_of(left) + reasons +
             "\ngive them back, or say why they may stay with tally::testing::allow_left");
  }

  Misuses misuses_;
  bool is_in_test_ = false;
  Snapshot at_start_;
  Snapshot at_suite_start_;
  std::vector<Allowed> allowed_;
  std::vector<Allowed> allowed_to_suite_;
};

// Before main; GoogleTest's own flags and filters are as without it.
[[maybe_unused]] const bool is_listening = [] {
  ::testing::UnitTest::GetInstance()->listeners().Append(&Listener::instance());
  return true;
}();

}  // namespace

BalanceScope::BalanceScope(const char* file, int line)
    : file_(file), line_(line), before_(new Snapshot(snapshot())) {}

BalanceScope::~BalanceScope() {
  if (left_since(*before_).count == 0) return;
  let_end();
  const Left left = left_since(*before_);
  if (left.count != 0) {
    ADD_FAILURE_AT(file_, line_) << "tallystick: this scope has left " << objects(left.count)
                                 << " behind:" << text_of(left);
  }
}

void allow_left(const char* class_name, std::uint64_t count, const char* reason) {
  Listener::instance().allow({class_name, count, reason});
}

::testing::AssertionResult is_balanced() {
  const Snapshot& before = Listener::instance().at_start();
  if (left_since(before).count == 0) return ::testing::AssertionSuccess();
  let_end();
  const Left left = left_since(before);
  if (left.count == 0) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << objects(left.count) << " that came since the start of the test:" << text_of(left);
}

::testing::AssertionResult is_live(const char* class_text, const char* count_text, const char* class_name,
                                   std::uint64_t count) {
  struct Search {
    const char* class_name;
    std::map<std::pair<std::string, tally_site>, std::uint64_t> found;
    std::uint64_t count = 0;
  } search{class_name, {}};
  tally_ledger_live(
      nullptr,
      [](const tally_entry* entry, void* user) {
        Search& wanted = *static_cast<Search*>(user);
        if (entry->deferred || std::strcmp(entry->class_name, wanted.class_name) != 0) return 0;
        ++wanted.count;
        ++wanted.found[{entry->module, entry->created}];
        return 0;
      },
      &search);
  if (search.count == count) return ::testing::AssertionSuccess();
  Left left;
  for (const auto& [key, each] : search.found)
    left.groups.push_back({key.first, class_name, key.second, each, false});
  return ::testing::AssertionFailure()
         << "live objects of " << class_text << "\n  Which are: " << search.count << text_of(left)
         << "\nExpected: " << count_text << "\n  Which is: " << count;
}

::testing::AssertionResult was_misuse(const char* status_text, tally_status status) {
  tally_error error{};
  const bool is_there = Listener::instance().misuses().take_first(&error);
  if (is_there && error.status == status) return ::testing::AssertionSuccess();
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  failure << "Expected a misuse: " << status_text << " (" << name_of(status) << ")\n  Actual: ";
  if (!is_there) return failure << "none that nobody has looked at";
  return failure << name_of(error.status) << "\n  " << error.text;
}

}  // namespace tally::testing
