// The run of a program: on threads, through the exported functions, with delays between any two steps of the
// runtime and in the author's code. See program.hpp.
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "author.hpp"
#include "kinds.hpp"
#include "program.hpp"
#include "tally/runtime/step.hpp"
#include "tally/runtime/word.hpp"

namespace histories_test {
namespace {

// Where a thread waits, and for how long: mostly nowhere, or for another thread's turn; in many runs at one
// moment for longer than all that the others do.
class Delays {
 public:
  void begin(unsigned seed) {
    random_.seed(seed);
    random_.discard(10);
    is_quiet_ = random_() % 4 == 0;
    steps_to_long_one_ = random_() % 2 == 0 ? 1 + random_() % 40 : 0;
  }

  void pass() {
    if (steps_to_long_one_ != 0 && --steps_to_long_one_ == 0) wait(100 + random_() % 200);
    if (is_quiet_) return;
    const std::uint32_t number = random_();
    if (number % 8 == 0) std::this_thread::yield();
    if (number % 64 == 1) wait(random_() % 50);
  }

 private:
  static void wait(unsigned microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  }

  std::minstd_rand random_;
  bool is_quiet_ = true;
  unsigned steps_to_long_one_ = 0;
};

thread_local Delays delays;

// When the author's code of this thread's call began and ended.
thread_local std::uint64_t began = 0;
thread_local std::uint64_t finished = 0;
// Numbers of objects whose destructors it has run.
thread_local std::vector<std::uint64_t> ended_by_call;

constexpr std::uint64_t kNumbersOfRun = 100;
std::atomic<std::uint64_t> numbers = 0;  // of all runs so far

class Run;
std::atomic<Run*> running = nullptr;

class Run {
 public:
  Run(const Program& program, unsigned seed) : program_(program), seed_(seed), of_(program.then.size()) {
    first_number_ = numbers += kNumbersOfRun;
    running = this;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() { running = nullptr; }

  void begin(std::size_t thread) {
    delays.begin(seed_ + static_cast<unsigned>(thread));
    perform_all(program_.first[thread], static_cast<int>(thread));
  }
  void go_on(std::size_t thread) { perform_all(program_.then[thread], static_cast<int>(thread)); }

  // Gives back what is left, and tells all of it.
  History end() {
    const int thread = static_cast<int>(of_.size());
    Part part;
    for (std::size_t token = 0; token < program_.world.object_of.size(); ++token) {
      const int object = program_.world.object_of[token];
      perform({.act = Act::destroy, .object = object, .token = static_cast<int>(token)}, thread, part);
    }
    of_.push_back(std::move(part));
    History history{.world = program_.world, .steps = {}, .stays = {}};
    std::uint64_t made = 0;
    for (std::size_t token = 0; token < history.world.object_of.size(); ++token) {
      const int object = history.world.object_of[token];
      if ((made >> object & 1) != 0) continue;  // the first is its creator's
      made |= std::uint64_t{1} << object;
      history.world.objects[static_cast<std::size_t>(object)].place =
          tally::runtime::slot_index(tokens_[token]);
    }
    for (const Part& each : of_) {
      history.steps.insert(history.steps.end(), each.steps.begin(), each.steps.end());
      history.stays.insert(history.stays.end(), each.stays.begin(), each.stays.end());
    }
    add_ends(history);
    return history;
  }

  std::string wrong() const {
    const char* const wrong = wrong_;
    return wrong ? wrong : "";
  }

  // Of the author's code.
  std::uint64_t now() { return ++clock_; }
  void object_ends(std::uint64_t number) {
    Ending* const ending = ending_of(number);
    if (!ending) return;
    ending->from = now();
    ending->count++;
    ended_by_call.push_back(number);
    delays.pass();
  }

 private:
  struct Part {  // of a thread
    std::vector<Step> steps;
    std::vector<Stay> stays;
  };
  struct Ending {
    std::atomic<std::uint64_t> from = 0;
    std::atomic<std::uint64_t> to = 0;
    std::atomic<int> count = 0;
  };
  // A call that is under way.
  struct Call {
    const Instruction& what;
    int thread;
    Part& part;
    Word word = 0;  // that it is of
    tally_status status = TALLY_OK;
    std::uint64_t invoked = 0;
    std::uint64_t answered = 0;
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
  };

  void add_ends(History& history) {
    std::uint64_t made = 0;
    for (const Step& each : history.steps) {
      if (each.event == Event::made && each.status == TALLY_OK) made |= std::uint64_t{1} << each.object;
    }
    for (std::size_t object = 0; object < program_.world.objects.size(); ++object) {
      const Ending& ending = ends_[object];
      const bool is_made = (made >> object & 1) != 0 && program_.world.objects[object].kind != Kind::view;
      if (is_made && ending.count != 1) is_wrong("a destructor has not run once");
      if (!is_made || ending.count == 0) continue;
      history.steps.push_back({.event = Event::ended,
                               .thread = static_cast<int>(of_.size()),
                               .object = static_cast<int>(object),
                               .from = ending.from,
                               .to = ending.to});
    }
  }

  void is_wrong(const char* why) {
    const char* nothing = nullptr;
    wrong_.compare_exchange_strong(nothing, why);
  }
  Ending* ending_of(std::uint64_t number) {
    const std::uint64_t object = number - first_number_;
    if (object < ends_.size()) return &ends_[object];
    is_wrong("a destructor runs for the second time");
    return nullptr;
  }
  std::uint64_t number_of(int object) const { return first_number_ + static_cast<std::uint64_t>(object); }

  std::atomic<Word>& token(int token) { return tokens_[static_cast<std::size_t>(token)]; }
  std::atomic<Word>& handle(int object) { return handles_[static_cast<std::size_t>(object)]; }
  Word word(int object, int by) { return by == kNone ? handle(object) : token(by); }

  void perform_all(const std::vector<Instruction>& instructions, int thread) {
    Part& part = of_[static_cast<std::size_t>(thread)];
    for (const Instruction& each : instructions) perform(each, thread, part);
  }

  // What it is to be of may not be there yet, or never: then it is left out.
  void perform(const Instruction& what, int thread, Part& part) {
    const int parent = program_.world.parent(what.object);
    const bool is_root = what.act == Act::make && parent == kNone;
    Call call{.what = what, .thread = thread, .part = part};
    call.word = is_root ? 0 : word(what.act == Act::make ? parent : what.object, what.token);
    if (call.word == 0 && !is_root) return;
    Word made = 0;
    began = finished = 0;
    call.invoked = now();
    call.status = ask(call, made);
    call.answered = now();
    // Its parent may know it for a child until then.
    for (const std::uint64_t number : std::exchange(ended_by_call, {})) ending_of(number)->to = call.answered;
    call.inside = began;
    call.outside = finished;
    tell(call);
    if (made == 0) return;
    token(what.made) = made;
    if (what.act != Act::make || program_.world.kind(what.object) == Kind::view) return;
    perform({.act = Act::refer, .object = what.object, .token = what.made}, thread, part);
  }

  tally_status ask(Call& call, Word& made) {
    const Instruction& what = call.what;
    const Functions& functions = functions_of(program_.world.kind(what.object));
    Word word = call.word;
    tally_status status = TALLY_OK;
    switch (what.act) {
      case Act::make:
        if (program_.world.kind(what.object) == Kind::view)
          return functions_of(program_.world.kind(program_.world.parent(what.object))).show(word, &made);
        return functions.make(word, number_of(what.object), &made);
      case Act::call:
        return call_number(functions, word, what.object);
      case Act::refer:
        return refer(functions, word, what.object);
      case Act::retain: {
        tally_error error{};
        made = word_of(histories_badge_retain(as<histories_badge>(word), &error));
        return made != 0 ? TALLY_OK : error.status;
      }
      case Act::pass:
      case Act::pass_in_vain:
        status = functions.pass(&word, what.act == Act::pass_in_vain, &made);
        return check_given(status, word, call.word);
      case Act::end:
      case Act::end_in_vain:
        status = functions.end(&word, what.act == Act::end_in_vain);
        return check_given(status, word, call.word);
      case Act::change:
        return histories_hall_change(as<histories_hall>(word));
      case Act::destroy:
        return functions.destroy(word);
      case Act::try_destroy:
        status = functions.try_destroy(&word);
        return check_given(status, word, call.word);
    }
    return status;
  }

  tally_status call_number(const Functions& functions, Word word, int object) {
    std::uint64_t number = 0;
    const tally_status status = functions.number(word, &number);
    if (status >= 0 && number != number_of(object)) is_wrong("a call has come to another object");
    return status;
  }

  tally_status refer(const Functions& functions, Word word, int object) {
    const Word found = functions.ref(word);
    if (found == 0) return tally_last_error()->status;
    Word known = 0;
    if (!handle(object).compare_exchange_strong(known, found) && known != found)
      is_wrong("an object has two handles");
    return TALLY_OK;
  }

  // What a call takes is zeroed exactly when it has been taken.
  tally_status check_given(tally_status status, Word now, Word before) {
    if (now != (status >= 0 ? 0 : before))
      is_wrong("a refusal takes, or a success leaves, the caller's word");
    return status;
  }

  // ---- What is told of a call ----

  void tell(Call& call) {
    switch (call.what.act) {
      case Act::make:
        return tell_made(call);
      case Act::call:
        return tell_entered(call, call.what.object, call.status);
      case Act::refer:
        return add(call, {.event = Event::referred, .status = call.status}, call.invoked, call.answered);
      case Act::retain:
        return add(call, {.event = Event::retained, .made = call.what.made, .status = call.status},
                   call.invoked, call.answered);
      case Act::pass:
      case Act::pass_in_vain:
        return tell_passed(call);
      case Act::end:
      case Act::end_in_vain:
        return tell_consumed(call);
      case Act::change:
        return tell_changed(call);
      case Act::destroy:
        return tell_destroyed(call);
      case Act::try_destroy:
        return add(call, {.event = Event::tried, .status = call.status}, call.invoked, call.answered);
    }
  }

  static void add(Call& call, Step step, std::uint64_t from, std::uint64_t to) {
    step.thread = call.thread;
    if (step.object == kNone) step.object = call.what.object;
    if (step.token == kNone) step.token = call.what.token;
    step.from = from;
    step.to = to;
    call.part.steps.push_back(step);
  }

  void stay(Call& call, Stay::Way way, int object) {
    const std::uint32_t place = object == call.what.object ? tally::runtime::slot_index(call.word) : 0;
    call.part.stays.push_back(
        {way, object, call.thread, call.invoked, call.inside, call.outside, call.answered, place});
  }

  // The author's code has begun, or it has been answered that it won't.
  static std::uint64_t decided(const Call& call) { return call.inside != 0 ? call.inside : call.answered; }

  void tell_entered(Call& call, int object, tally_status status) {
    add(call, {.event = Event::entered, .object = object, .status = status}, call.invoked, decided(call));
    stay(call, Stay::Way::call, object);
    if (const int family = program_.world.family(object); family != object)
      stay(call, Stay::Way::call, family);
  }

  void tell_made(Call& call) {
    const int parent = program_.world.parent(call.what.object);
    const bool is_in = call.inside != 0 || call.status == TALLY_BORROWED;
    if (parent != kNone) tell_entered(call, parent, is_in ? TALLY_OK : call.status);
    if (parent != kNone && !is_in) return;
    const std::uint64_t from = call.inside != 0 ? call.outside : call.invoked;
    add(call, {.event = Event::made, .token = kNone, .made = call.what.made, .status = call.status}, from,
        call.answered);
  }

  // A view has no destructor that would tell.
  void tell_destroyed(Call& call) {
    add(call, {.event = Event::destroyed, .status = call.status}, call.invoked, call.answered);
    const bool is_closed = program_.world.kind(call.what.object) == Kind::view && call.status == TALLY_OK;
    if (is_closed) add(call, {.event = Event::ended}, call.invoked, call.answered);
  }

  void tell_passed(Call& call) {
    const bool is_taken = call.inside != 0;
    add(call, {.event = Event::taken, .made = call.what.held, .status = is_taken ? TALLY_OK : call.status},
        call.invoked, decided(call));
    stay(call, Stay::Way::taking, call.what.object);
    if (!is_taken) return;
    const bool is_done = call.what.act == Act::pass;
    if (is_done != (call.status == TALLY_OK))
      is_wrong("a call that took its argument was answered something else");
    add(call,
        {.event = is_done ? Event::returned : Event::given_back,
         .token = call.what.held,
         .made = call.what.made},
        call.outside, call.answered);
  }

  void tell_consumed(Call& call) {
    const bool is_begun = call.inside != 0;
    add(call, {.event = Event::consuming, .status = is_begun ? TALLY_OK : call.status}, call.invoked,
        decided(call));
    stay(call, Stay::Way::consuming, call.what.object);
    if (!is_begun) return;
    add(call, {.event = call.what.act == Act::end ? Event::consumed : Event::resumed}, call.outside,
        call.answered);
  }

  void tell_changed(Call& call) {
    const bool is_in = call.inside != 0 || call.status == TALLY_BORROWED;
    tell_entered(call, call.what.object, is_in ? TALLY_OK : call.status);
    if (!is_in) return;
    add(call, {.event = Event::moving, .status = call.status}, call.invoked, decided(call));
    if (call.inside != 0) add(call, {.event = Event::moved}, call.outside, call.answered);
  }

  const Program& program_;
  unsigned seed_;
  std::vector<Part> of_;
  std::uint64_t first_number_ = 0;
  std::atomic<std::uint64_t> clock_ = 0;
  std::array<std::atomic<Word>, kMostTokens> tokens_{};
  std::array<std::atomic<Word>, kMostObjects> handles_{};
  std::array<Ending, kMostObjects> ends_{};
  std::atomic<const char*> wrong_ = nullptr;
};

void pass_time() {
  for (int i = 0; i < 3; ++i) delays.pass();
}

void be_told() {
  histories_author::told = {
      .enter =
          [] {
            began = running.load()->now();
            pass_time();
          },
      .leave =
          [] {
            pass_time();
            finished = running.load()->now();
          },
      .end = [](std::uint64_t number) { running.load()->object_ends(number); },
  };
}

std::optional<Failure> judge(Run& run, bool is_exact) {
  Failure failure{.history = run.end(), .why = run.wrong()};
  if (failure.why.empty()) failure.why = unexplained(failure.history, is_exact);
  if (failure.why.empty()) return std::nullopt;
  return failure;
}

}  // namespace

std::optional<Failure> play(const Program& program, int times, bool is_exact) {
  be_told();
  std::barrier together(static_cast<std::ptrdiff_t>(program.then.size()) + 1);
  std::unique_ptr<Run> run;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < program.then.size(); ++i) {
    threads.emplace_back([&, i] {
      for (together.arrive_and_wait(); !is_over; together.arrive_and_wait()) {
        run->begin(i);
        together.arrive_and_wait();
        run->go_on(i);
        together.arrive_and_wait();
      }
    });
  }
  std::optional<Failure> failure;
  for (int i = 0; i < times && !failure; ++i) {
    run.reset();
    run = std::make_unique<Run>(program, program.seed * 1000 + static_cast<unsigned>(i) * 8);
    for (int phase = 0; phase < 3; ++phase) together.arrive_and_wait();
    failure = judge(*run, is_exact);
  }
  is_over = true;
  together.arrive_and_wait();
  for (std::thread& each : threads) each.join();
  return failure;
}

}  // namespace histories_test

namespace tally::runtime {

void step() noexcept {
  histories_test::delays.pass();
}

}  // namespace tally::runtime
