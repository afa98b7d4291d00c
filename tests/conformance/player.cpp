#include "player.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include "tally/error.h"
#include "tally/ledger.h"
#include "text.hpp"
#include "where.hpp"

namespace conformance_table {
namespace {

constexpr std::array kModules = {"one", "two"};

std::string module_name(const std::string& module) {
  return "conformance_" + module;
}

std::string status_name(tally_status status) {
  return std::string(tally_status_text(status)) + " (" + std::to_string(status) + ")";
}

std::uint64_t number(const Json& word) {
  return word.is_string() ? std::stoull(word.get<std::string>(), nullptr, 16) : word.get<std::uint64_t>();
}

bool contains(const Json& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// The balance of a class of a module; all 0 if it has never created anything.
struct Figures {
  std::uint64_t issued = 0, retired = 0, live = 0, deferred = 0, entries = 0;
};

Figures figures_of(const std::string& module, const std::string& class_name) {
  struct Search {
    std::string class_name;
    Figures figures;
  } search{class_name == "blob" || class_name == "view" ? class_name : "conformance." + class_name, {}};
  tally_ledger_balances(
      module_name(module).c_str(),
      [](const tally_balance* balance, void* user) {
        auto& [name, figures] = *static_cast<Search*>(user);
        if (name != balance->class_name) return 0;
        figures = {balance->issued, balance->retired, balance->live, balance->deferred, 0};
        return 1;
      },
      &search);
  tally_ledger_live(
      module_name(module).c_str(),
      [](const tally_entry* entry, void* user) {
        auto& [name, figures] = *static_cast<Search*>(user);
        figures.entries += name == entry->class_name;
        return 0;
      },
      &search);
  return search.figures;
}

// This thread's last error, without asking for it the first time: asking would make room for one.
tally_error last_error_so_far() {
  thread_local bool is_there = false;
  return std::exchange(is_there, true) ? *tally_last_error() : tally_error{};
}

}  // namespace

std::string module_file(const std::string& module) {
  return module == "one" ? CONFORMANCE_ONE : CONFORMANCE_TWO;
}

Player::Player(const Description& description, const Case& played, Failures failures)
    : description_(description), case_(played), failures_(failures), language_(make_language(description)) {}

Player::~Player() = default;

void Player::begin() {
  for (const char* module : kModules) start(module);
}

void Player::play() {
  play_steps(case_.steps, "step ");
}

void Player::play_steps(const Json& steps, const std::string& outer) {
  std::size_t position = 0;
  for (const Json& said : steps) {
    if (is_cut_short_) return;
    const std::string number = outer + std::to_string(++position);
    if (said.at("do") == "repeat") {
      for (int times = said.at("times"); times > 0 && !is_cut_short_ && !testing::Test::HasFailure(); --times)
        play_steps(said.at("steps"), number + ".");
      continue;
    }
    const Json step = in_this_language(said);
    SCOPED_TRACE(number + ": " + step.dump());
    on_thread(step.value("thread", ""), [&] { play_step(step); });
  }
}

// "cpp": {...} in a step says what is different in that language.
Json Player::in_this_language(Json step) const {
  if (step.contains(language_->name())) step.update(Json(step[language_->name()]));
  return step;
}

void Player::on_thread(const std::string& thread, const std::function<void()>& task) {
  if (thread.empty()) return task();
  std::unique_ptr<Worker>& worker = workers_[thread];
  if (!worker) worker = std::make_unique<Worker>();
  std::exception_ptr thrown;
  worker->run([&] {
    try {
      task();
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  if (thrown) std::rethrow_exception(thrown);
}

void Player::play_step(const Json& step) {
  static const std::map<std::string, void (Player::*)(const Json&)> all = {
      {"create", &Player::create},
      {"call", &Player::call},
      {"function", &Player::call_function},
      {"destroy", &Player::destroy},
      {"release", &Player::destroy},
      {"try_destroy", &Player::try_destroy},
      {"free", &Player::free},
      {"resize", &Player::resize},
      {"close", &Player::close},
      {"ref", &Player::ref},
      {"retain", &Player::ref},
      {"at", &Player::at},
      {"size", &Player::at},
      {"callback", &Player::callback},
      {"host", &Player::host},
      {"told", &Player::told},
      {"load", &Player::load},
      {"unload", &Player::unload},
      {"copy", &Player::change_variables},
      {"cast", &Player::change_variables},
      {"make_up", &Player::change_variables},
      {"flip", &Player::change_variables},
      {"each_bit", &Player::each_bit},
      {"same", &Player::look},
      {"same_key", &Player::look},
      {"empty", &Player::look},
      {"content", &Player::look},
      {"fill", &Player::look},
      {"collect", &Player::look},
      {"end_thread", &Player::look},
      {"last_error", &Player::last_error},
      {"ledger", &Player::ledger},
      {"census", &Player::census}};
  (this->*all.at(step.at("do")))(step);
}

// --- Steps that call

void Player::create(const Json& step) {
  const std::string class_name = step.at("class");
  const Function& function = description_.creator(class_name, step.value("creator", "create"));
  const Invocation invocation{&function,
                              step.value("module", "one"),
                              "",
                              description_.arguments(function, step.value("in", Json::object())),
                              step.value("as", ""),
                              false,
                              step.value("without_error", false)};
  const Outcome outcome = checked(step, function.c_name(), [&] { return language_->create(invocation); });
  check_owned(function, step, outcome);
  count_callbacks(function, step, outcome);
  if (outcome.status >= 0) classes_[invocation.result] = class_name;
}

void Player::call(const Json& step) {
  const std::string self = step.at("on");
  const Function& function = description_.method(classes_.at(self), step.at("method"));
  const Invocation invocation{&function,
                              step.value("via", ""),
                              self,
                              description_.arguments(function, step.value("in", Json::object())),
                              step.value("as", ""),
                              step.value("without_out", false),
                              false};
  const Outcome outcome = checked(step, function.c_name(), [&] { return language_->call(invocation); });
  check_owned(function, step, outcome);
  count_callbacks(function, step, outcome);
  if (outcome.status < 0) return;
  if (!is_cut_short_) check_value(function.result, step, outcome);
  if (!invocation.result.empty()) classes_[invocation.result] = function.result;
}

void Player::call_function(const Json& step) {
  const Function& function = description_.function(step.at("name"));
  const Invocation invocation{&function,
                              step.value("module", "one"),
                              "",
                              description_.arguments(function, step.value("in", Json::object())),
                              step.value("as", ""),
                              step.value("without_out", false),
                              false};
  const Outcome outcome = checked(step, function.c_name(), [&] { return language_->call(invocation); });
  check_owned(function, step, outcome);
  count_callbacks(function, step, outcome);
  if (outcome.status < 0) return;
  if (!is_cut_short_) check_value(function.result, step, outcome);
  if (!invocation.result.empty()) classes_[invocation.result] = function.result;
}

void Player::destroy(const Json& step) {
  const std::string what = step.at("what");
  const std::string class_name = step.value("class", classes_.at(what));
  checked(step, "conformance_" + class_name + "_" + description_.end_of(class_name),
          [&] { return language_->destroy(what, step.value("class", ""), step.value("via", "")); });
}

void Player::try_destroy(const Json& step) {
  const std::string what = step.at("what");
  const Outcome outcome = checked(step, "conformance_" + classes_.at(what) + "_try_destroy",
                                  [&] { return language_->try_destroy(what); });
  if (outcome.is_languages) return;  // only the variable knows
  EXPECT_EQ(language_->is_empty(what), outcome.status >= 0 || outcome.status == TALLY_EXCEPTION)
      << "the variable is emptied exactly when the object was destroyed";
}

void Player::free(const Json& step) {
  const std::string what = step.at("what");
  const Outcome outcome = checked(step, "tally_blob_free", [&] { return language_->free(what); });
  if (outcome.is_languages) return;
  EXPECT_EQ(language_->is_empty(what), outcome.status >= 0 || outcome.status == TALLY_EXCEPTION)
      << "a blob is emptied exactly when it was freed";
}

void Player::resize(const Json& step) {
  checked(step, "tally_blob_resize", [&] { return language_->resize(step.at("what"), step.at("size")); });
}

void Player::close(const Json& step) {
  const std::string what = step.at("what");
  const Outcome outcome = checked(step, "tally_view_close", [&] { return language_->close(what); });
  EXPECT_EQ(language_->is_empty(what), outcome.status >= 0) << "a view is emptied exactly when it was closed";
}

void Player::ref(const Json& step) {
  const std::string of = step.at("of");
  const std::string as = step.at("as");
  classes_[as] = classes_.at(of);
  const std::string what = step.at("do");
  checked(step, "conformance_" + classes_.at(of) + "_" + what,
          [&] { return what == "ref" ? language_->ref(of, as) : language_->retain(of, as); });
}

void Player::at(const Json& step) {
  const std::string of = step.at("of");
  const std::string array = classes_.at(of);
  const std::string what = step.at("do");
  const Outcome outcome = checked(step, "conformance_" + array + "_" + what, [&] {
    return what == "size" ? language_->size(of) : language_->at(of, step.at("index"), step.at("as"));
  });
  if (outcome.status < 0) return;
  if (what == "at") {
    classes_[step.at("as")] = array.substr(0, array.rfind("_array"));
  } else {
    EXPECT_EQ(outcome.value, step.at("out"));
  }
}

void Player::host(const Json& step) {
  const std::string as = step.at("as");
  write_script(as, Json::object());
  const std::string class_name = step.at("class");
  const Json methods = step.value("methods", Json::object());
  for (const std::string& method : description_.method_names(class_name)) {
    if (contains(step.value("lacks", Json::array()), method)) continue;
    Script& script = write_script(as + "." + method, methods.value(method, Json::object()));
    if (description_.method(class_name, method).result == "string" && script.out.is_number()) script.out = "";
  }
  const bool has_methods = !step.value("without_methods", false);
  const Outcome outcome = checked(step, "conformance_" + class_name + "_create", [&] {
    return language_->host(step.value("module", "one"), as, !has_methods);
  });
  classes_[as] = class_name;
  const bool is_languages = has_methods && language_->releases_what_was_refused();
  to_release_[as] = outcome.status >= 0 || is_languages ? 1 : 0;
}

void Player::load(const Json& step) {
  const std::string module = step.at("module");
  checked(step, module_file(module), [&] { return language_->load(module); });
  if (!is_cut_short_) note(module);
}

void Player::unload(const Json& step) {
  const std::string module = step.at("module");
  const Outcome outcome = checked(step, module_file(module) + ": unload of module " + module_name(module),
                                  [&] { return language_->unload(module); });
  loaded_[module] = outcome.status < 0;
}

// --- Callbacks, and methods of the host's

void Player::callback(const Json& step) {
  const std::string as = step.at("as");
  write_script(as, step);
  to_release_[as] = 0;
}

Script& Player::write_script(const std::string& name, const Json& said) {
  std::unique_ptr<Script>& script = scripts_[name];
  script = std::make_unique<Script>();
  script->given = said.value("given", said.value("lent", ""));
  script->out = said.value("out", Json(0));
  script->fails = description_.status(said.value("fails", "ok"));
  script->returns = said.value("returns", "");
  script->is_silent = said.value("silently", false);
  const Json steps = said.value("steps", Json::array());
  if (!script->given.empty()) classes_[script->given] = "counter";
  script->steps = [this, steps, name] {
    play_steps(steps, "in " + name + ", step ");
    ++scripts_played_;
    error_of_scripts_ = *tally_last_error();
  };
  language_->learn(name, *script);
  return *script;
}

void Player::told(const Json& step) {
  const Script& script = *scripts_.at(step.at("what"));
  EXPECT_EQ(script.called, step.value("called", script.called)) << "calls";
  EXPECT_EQ(script.heard, step.value("heard", script.heard));
  EXPECT_EQ(script.released, step.value("released", script.released)) << "releases";
}

// What a call took has to be released once; what it did not take is the caller's, or the language's.
void Player::count_callbacks(const Function& function, const Json& step, const Outcome& outcome) {
  const Json given = step.value("in", Json::object());
  for (const Parameter& parameter : function.parameters) {
    if (!description_.is_callback(parameter.type) || !given.at(parameter.name).is_string()) continue;
    to_release_[given[parameter.name]] += outcome.status >= 0 || language_->releases_what_was_refused();
  }
}

// --- Steps that look, or change only variables

void Player::look(const Json& step) {
  const std::string what = step.at("do");
  const tally_error before = last_error_so_far();
  if (what == "end_thread") {
    workers_.at(step.at("what")).reset();
  } else if (what == "collect") {
    EXPECT_EQ(in_tallystick(tally_collect), step.at("out").get<std::uint64_t>());
  } else if (what == "empty") {
    EXPECT_EQ(language_->is_empty(step.at("what")), step.value("out", true));
  } else if (what == "content") {
    EXPECT_EQ(language_->content(step.at("what")), step.at("out"));
  } else if (what == "fill") {
    language_->fill(step.at("what"), Text(step.at("with")).bytes);
  } else {
    const std::string a = step.at("a");
    const std::string b = step.at("b");
    const bool is_same = what == "same" ? language_->same(a, b) : language_->same_key(a, b);
    EXPECT_EQ(is_same, step.at("out").get<bool>());
  }
  check_success(step, before);
}

void Player::change_variables(const Json& step) {
  const std::string what = step.at("do");
  const std::string as = step.at("as");
  const std::string class_name = what == "cast"      ? step.at("to").get<std::string>()
                                 : what == "make_up" ? step.at("class").get<std::string>()
                                                     : classes_.at(step.at("what"));
  classes_[as] = class_name;
  if (what == "copy") return language_->copy(step.at("what"), as);
  if (what == "cast") return language_->cast(step.at("what"), class_name, as);
  if (what == "flip") return language_->change(step.at("what"), number(step.at("bits")), as);
  language_->make_up(number(step.at("word")), class_name, as);
}

// A word in which one bit is wrong must name nothing, whichever bit it is.
void Player::each_bit(const Json& step) {
  const std::string what = step.at("what");
  const std::string by = step.at("by");
  const Values before = values();
  for (int bit = 0; bit < 64; ++bit) {
    language_->change(what, std::uint64_t{1} << bit, "changed");
    Outcome outcome;
    if (by == "free") outcome = language_->free("changed");
    if (by == "destroy") outcome = language_->destroy("changed", "", "");
    if (by == "close") outcome = language_->close("changed");
    if (by == "call")
      outcome = language_->call({&description_.method("counter", "value"), "", "changed", {}, ""});
    EXPECT_LT(outcome.status, 0) << "with bit " << bit << " changed";
  }
  EXPECT_EQ(values(), before);
}

void Player::last_error(const Json& step) {
  const tally_error error = *tally_last_error();
  EXPECT_EQ(error.status, description_.status(step.at("expect"))) << error.text;
  for (const Json& part : step.value("text", Json::array()))
    EXPECT_NE(std::strstr(error.text, part.get<std::string>().c_str()), nullptr)
        << part << " in: " << error.text;
}

void Player::ledger(const Json& step) {
  const Figures found = figures_of(step.value("module", "one"), step.at("class"));
  const std::map<std::string, std::uint64_t> figures = {{"issued", found.issued},
                                                        {"retired", found.retired},
                                                        {"live", found.live},
                                                        {"deferred", found.deferred}};
  for (const auto& [name, figure] : figures) {
    if (step.contains(name)) {
      EXPECT_EQ(figure, step[name].get<std::uint64_t>()) << name;
    }
  }
  EXPECT_EQ(found.entries, found.live + found.deferred) << "every object that is not retired has an entry";
}

void Player::census(const Json& step) {
  const std::string module = step.value("module", "one");
  const std::string kind = step.at("of");
  const Census now = census_of(module);
  const Census& before = census_before_.at(module);
  const std::uint64_t made = now.made.at(kind) - before.made.at(kind);
  const std::uint64_t ended = now.ended.at(kind) - before.ended.at(kind);
  if (step.contains("last")) {
    EXPECT_EQ(now.last, description_.value("kind", step["last"])) << "the last to end";
  }
  EXPECT_EQ(made, step.value("made", made)) << "constructors that have run";
  EXPECT_EQ(ended, step.value("ended", ended)) << "destructors that have run";
}

// --- What holds for every step

Outcome Player::checked(const Json& step, const std::string& function,
                        const std::function<Outcome()>& operation) {
  const tally_status expected = description_.status(step.value("expect", "ok"));
  const Values before = expected < 0 || failures_ ? values() : Values{};
  const Balance living = failures_ ? live() : Balance{};
  const std::uint64_t failures = failures_so_far();
  tally_error error_before = last_error_so_far();
  const std::uint64_t played_before = scripts_played_;
  Outcome outcome = operation();
  for (const std::string& complaint : outcome.complaints) ADD_FAILURE() << complaint;
  if (is_cut_short_) return outcome;  // by a step inside it
  const bool has_played = scripts_played_ != played_before;
  if (has_played) error_before = error_of_scripts_;
  const bool is_short = failures_so_far() != failures;
  if (is_short && outcome.status < 0 && (outcome.status != expected || outcome.is_languages)) {
    is_cut_short_ = true;
    check_shortage(outcome, step, function);
    // What a script did stays done, and so does what an author's code does that is told to fail.
    if (has_played || expected < 0) return outcome;
    EXPECT_EQ(live(), living) << "a failed call has changed what lives";
    EXPECT_EQ(values(), before) << "a failed call has changed an object";
    return outcome;
  }
  // Where there was no memory to remember that it went with its parent, it is gone all the same.
  const bool is_forgotten = failures_so_far() != 0 && expected == TALLY_GONE_WITH_PARENT;
  EXPECT_EQ(outcome.status,
            is_forgotten && outcome.status == TALLY_STALE_HANDLE ? TALLY_STALE_HANDLE : expected)
      << "expected " << status_name(expected) << ", found " << status_name(outcome.status) << " "
      << outcome.text;
  if (outcome.status < 0) {
    check_failure(outcome, step, function, is_short);
  } else {
    check_success(step, error_before);
  }
  for (const auto& [variable, value] : before) {
    if (outcome.status >= 0 || contains(step.value("changes", Json::array()), variable)) continue;
    EXPECT_EQ(language_->peek(variable), value) << "a failed call changed '" << variable << "'";
  }
  return outcome;
}

// What could not be answered by a status is reported by the last error.
void Player::check_success(const Json& step, const tally_error& before) const {
  if (step.contains("reports")) {
    EXPECT_EQ(tally_last_error()->status, description_.status(step["reports"]));
  } else {
    EXPECT_STREQ(tally_last_error()->text, before.text) << "a success wrote the last error";
    EXPECT_EQ(tally_last_error()->status, before.status) << "a success wrote the last error";
  }
}

// `is_short`: an allocation has failed in the call, and what an author says may be that, and not his own
// text.
void Player::check_failure(const Outcome& outcome, const Json& step, const std::string& function,
                           bool is_short) const {
  const tally_error error = *tally_last_error();
  EXPECT_EQ(error.status, outcome.status) << "the last error is another's: " << error.text;
  EXPECT_EQ(error.text, outcome.text) << "the last error has another text";
  const std::string what = step.contains("by") ? "'" + step["by"].get<std::string>() + "' failed"
                                               : description_.status_text(outcome.status);
  const std::string start = step.value("start", function + ": " + what);
  EXPECT_EQ(outcome.text.substr(0, start.size()), start);
  if (is_short) return;
  for (const std::string part : step.value("text", Json::array())) {
    // Nor where it was made, and given back.
    const bool may_be_forgotten = failures_so_far() != 0 && part.ends_with(" at");
    EXPECT_TRUE(may_be_forgotten || outcome.text.find(part) != std::string::npos)
        << part << " in: " << outcome.text;
  }
}

// What a call answers when an allocation fails in it. The dynamic linker's answer is a system's error.
void Player::check_shortage(const Outcome& outcome, const Json& step, const std::string& function) const {
  const bool is_linkers = step.at("do") == "load" && outcome.status == TALLY_SYSTEM_ERROR;
  EXPECT_TRUE(outcome.status == TALLY_OUT_OF_MEMORY || is_linkers)
      << "an allocation failed, and the answer is " << status_name(outcome.status) << " " << outcome.text;
  if (outcome.is_languages) return;
  const tally_error error = *tally_last_error();
  EXPECT_EQ(error.status, outcome.status) << "the last error is another's: " << error.text;
  EXPECT_EQ(error.text, outcome.text) << "the last error has another text";
  EXPECT_TRUE(outcome.text.starts_with(function + ": ")) << outcome.text;
  EXPECT_TRUE(is_linkers || outcome.text.find("out of memory") != std::string::npos) << outcome.text;
}

void Player::check_owned(const Function& function, const Json& step, const Outcome& outcome) const {
  const Json taken = step.value("taken", Json::array());
  const Json empty = step.value("empty", Json::array());
  const auto check = [&](const Json& said) {
    if (!said.is_string() || contains(empty, said)) return;
    const std::string variable = said;
    if (is_cut_short_ && outcome.status < 0 && contains(taken, variable)) return;
    const bool is_taken = outcome.status >= 0 || contains(taken, variable);
    EXPECT_EQ(language_->is_empty(variable), is_taken)
        << "'" << variable << "' " << (is_taken ? "kept" : "lost") << " its word";
  };
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const Parameter& parameter = function.parameters[i];
    const Json given = step.value("in", Json::object());
    if (parameter.is_owned && given.contains(parameter.name)) check(given[parameter.name]);
  }
  if (function.consumes_self) check(step.at("on"));
}

void Player::check_value(const std::string& type, const Json& step, const Outcome& outcome) const {
  if (!step.contains("out") || step["out"].is_null()) return;
  EXPECT_EQ(outcome.value, description_.value(type, step["out"]));
}

// Of those that can be called. Asking leaves the last error as it was.
Player::Values Player::values() const {
  const tally_error before = last_error_so_far();
  Values all;
  for (const char* class_name : {"counter", "basket"}) {
    for (const std::string& variable : language_->variables(class_name)) {
      if (const auto value = language_->peek(variable)) all[variable] = *value;
    }
  }
  if (before.status < 0) tally_fail(before.status, before.text);
  return all;
}

// How many objects live, by module and class.
Player::Balance Player::live() const {
  Balance all;
  tally_ledger_balances(
      nullptr,
      [](const tally_balance* balance, void* user) {
        auto& found = *static_cast<Balance*>(user);
        if (balance->live != 0)
          found[std::string(balance->module) + " " + balance->class_name] = balance->live;
        return 0;
      },
      &all);
  return all;
}

// --- Before and after

void Player::start(const std::string& module) {
  const Outcome outcome = language_->load(module);
  ASSERT_EQ(outcome.status, TALLY_OK) << outcome.text;
  note(module);
}

void Player::note(const std::string& module) {
  loaded_[module] = true;
  census_before_[module] = census_of(module);
}

// On a thread of its own: a creation on this one would run the destructors that wait for it.
Player::Census Player::census_of(const std::string& module) const {
  Census found;
  std::thread([&] {
    const Here here(Where::asking);
    language_->create({&description_.creator("census", "create"), module, "", {}, "census ", false, false});
    const auto ask = [&](const std::string& method, const std::vector<Json>& arguments) {
      const Function& function = description_.method("census", method);
      const Outcome outcome = language_->call({&function, "", "census ", arguments, "", false, false});
      EXPECT_EQ(outcome.status, TALLY_OK) << outcome.text;
      return outcome.value.get<std::int64_t>();
    };
    for (const std::string& kind : description_.values_of("kind")) {
      const Json value = description_.value("kind", kind);
      found.made[kind] = static_cast<std::uint64_t>(ask("made", {value}));
      found.ended[kind] = static_cast<std::uint64_t>(ask("ended", {value}));
    }
    found.last = ask("last", {});
    EXPECT_EQ(language_->destroy("census ", "", "").status, TALLY_OK);
  }).join();
  return found;
}

void Player::end() {
  for (const char* module : kModules) {
    if (loaded_[module] && !is_cut_short_) check_balance(module, false);
  }
  workers_.clear();
  language_->clean_up();
  in_tallystick(tally_collect);
  last_error_so_far();  // to give back may have written one
  for (const auto& [name, times] : to_release_)
    EXPECT_EQ(scripts_.at(name)->released, times)
        << "'" << name << "' was not released once for each time it was given";
  for (const char* module : kModules) {
    if (!loaded_[module]) continue;
    check_balance(module, true);
    const Outcome outcome = language_->unload(module);
    EXPECT_EQ(outcome.status, TALLY_OK) << outcome.text;
  }
}

void Player::check_balance(const std::string& module, bool is_over) const {
  const auto declared = [&](const Json& figures, const std::string& class_name) {
    return is_over ? 0 : figures.value(module == "one" ? class_name : module + "." + class_name, 0u);
  };
  std::vector<std::string> classes = description_.class_names();
  classes.insert(classes.end(), {"blob", "view"});
  for (const std::string& class_name : classes) {
    const Figures figures = figures_of(module, class_name);
    SCOPED_TRACE("the balance of " + class_name + " in " + module + (is_over ? ", cleaned up" : ""));
    EXPECT_EQ(figures.issued, figures.retired + figures.live + figures.deferred);
    EXPECT_EQ(figures.live, declared(case_.live, class_name));
    EXPECT_EQ(figures.deferred, declared(case_.deferred, class_name));
    EXPECT_EQ(figures.entries, figures.live + figures.deferred);
  }
  if (!is_over) return;
  const Census now = census_of(module);
  const Census& before = census_before_.at(module);
  for (const auto& [kind, made] : now.made)
    EXPECT_EQ(made - before.made.at(kind), now.ended.at(kind) - before.ended.at(kind))
        << "constructors and destructors of " << kind;
}

}  // namespace conformance_table
