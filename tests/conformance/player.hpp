// Plays one case of the table in one language, and checks beside what the steps say what holds for every step
// of every case:
//
// - a success leaves the thread's last error alone; a failure writes it, and its text begins with the
// function and the status
// - a failed call leaves every object's value as it was, and every `own` argument with its owner; a success
// empties those
// - in the end each class is balanced, as much is live as the case says, and every author's object that was
// made has ended once
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "language.hpp"
#include "tally/error.h"
#include "worker.hpp"

namespace conformance_table {

class Player {
 public:
  /// `failures` says how many allocations have failed, if that is what happens (tests/sweep). A call in which
  /// some did may answer OUT_OF_MEMORY, and has then changed nothing; the case ends there.
  using Failures = std::uint64_t (*)();
  Player(const Description& description, const Case& played, Failures failures = nullptr);
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  ~Player();

  /// The three parts of a case: the modules are loaded, the steps are played, and what is left is given back,
  /// after a look at the balance, and before another. Failures are GoogleTest's.
  void begin();
  void play();
  void end();

 private:
  using Values = std::map<std::string, std::int64_t>;
  using Balance = std::map<std::string, std::uint64_t>;
  struct Census {
    std::map<std::string, std::uint64_t> made, ended;  // by kind
    std::int64_t last = 0;                             // the kind that ended last
  };

  void play_steps(const Json& steps, const std::string& outer);
  void play_step(const Json& step);
  Json in_this_language(Json step) const;
  void on_thread(const std::string& thread, const std::function<void()>& task);

  // Steps that call.
  void create(const Json& step);
  void call(const Json& step);
  void call_function(const Json& step);
  void destroy(const Json& step);
  void free(const Json& step);
  void try_destroy(const Json& step);
  void resize(const Json& step);
  void close(const Json& step);
  void ref(const Json& step);
  void at(const Json& step);
  void host(const Json& step);
  void load(const Json& step);
  void unload(const Json& step);

  // Callbacks, and methods of the host's.
  void callback(const Json& step);
  Script& write_script(const std::string& name, const Json& said);
  void told(const Json& step);
  void count_callbacks(const Function& function, const Json& step, const Outcome& outcome);

  // Steps that look, or change only variables.
  void look(const Json& step);
  void change_variables(const Json& step);
  void each_bit(const Json& step);
  void last_error(const Json& step);
  void ledger(const Json& step);
  void census(const Json& step);

  /// Runs an operation and checks what has to hold whatever it is.
  Outcome checked(const Json& step, const std::string& function, const std::function<Outcome()>& operation);
  void check_success(const Json& step, const tally_error& before) const;
  void check_failure(const Outcome& outcome, const Json& step, const std::string& function,
                     bool is_short) const;
  void check_shortage(const Outcome& outcome, const Json& step, const std::string& function) const;
  void check_owned(const Function& function, const Json& step, const Outcome& outcome) const;
  void check_value(const std::string& type, const Json& step, const Outcome& outcome) const;
  Values values() const;
  Balance live() const;
  std::uint64_t failures_so_far() const { return failures_ ? failures_() : 0; }

  void start(const std::string& module);
  void note(const std::string& module);
  Census census_of(const std::string& module) const;
  void check_balance(const std::string& module, bool is_over) const;

  const Description& description_;
  const Case& case_;
  Failures failures_;
  bool is_cut_short_ = false;  // an allocation has failed: what would follow is moot
  std::unique_ptr<Language> language_;
  std::map<std::string, std::string> classes_;  // of the variables that calls made
  std::map<std::string, std::unique_ptr<Worker>> workers_;
  std::map<std::string, std::unique_ptr<Script>> scripts_;
  std::map<std::string, int> to_release_;  // how often each callback and object of the host's has to end
  std::uint64_t scripts_played_ = 0;
  tally_error error_of_scripts_{};  // the last error as a script left it
  std::map<std::string, bool> loaded_;
  std::map<std::string, Census> census_before_;  // of each module
};

}  // namespace conformance_table
