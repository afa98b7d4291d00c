// Random programs, and how they are made smaller. See program.hpp; player.cpp runs them.
#include "program.hpp"

#include <array>
#include <random>
#include <sstream>
#include <utility>

#include "kinds.hpp"

namespace histories_test {
namespace {

constexpr std::array kRoots = {Kind::plate, Kind::badge, Kind::pen, Kind::hall, Kind::room};

class Author {
 public:
  explicit Author(unsigned seed) : random_(seed) {
    random_.discard(10);
    program_.seed = seed;
  }

  Program write() {
    const std::size_t threads = 2 + below(3);
    program_.first.resize(threads);
    program_.then.resize(threads);
    const std::size_t objects = 1 + below(2);
    for (std::size_t i = 0; i < objects; ++i)
      program_.first[below(threads)].push_back(make(kRoots[below(kRoots.size())]));
    const std::size_t length = threads == 2 ? 4 : threads == 3 ? 3 : 2;
    for (std::size_t i = 0; i < length; ++i) {
      for (std::vector<Instruction>& each : program_.then) each.push_back(next());
    }
    return std::move(program_);
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }

  Instruction make(Kind kind, int parent = kNone) {
    const int object = program_.world.add_object(kind, parent);
    const int by = parent != kNone && below(3) == 0 ? token_of(parent) : kNone;
    return {.act = Act::make, .object = object, .token = by, .made = program_.world.add_token(object)};
  }

  Instruction next() {
    const int object = static_cast<int>(below(program_.world.objects.size()));
    const Kind kind = program_.world.kind(object);
    if (below(8) == 0 && program_.world.parent(object) == kNone) return make(kind);
    switch (below(12)) {
      case 0:
      case 1:
        return with(Act::destroy, object);
      case 2:
        return with(functions_of(kind).try_destroy ? Act::try_destroy : Act::destroy, object);
      case 3:
        if (functions_of(kind).pass) return with(below(2) == 0 ? Act::pass : Act::pass_in_vain, object);
        break;
      case 4:
        if (functions_of(kind).end) return with(below(2) == 0 ? Act::end : Act::end_in_vain, object);
        break;
      case 5:
        if (kind != Kind::view) return with(Act::refer, object);
        break;
      case 6:
      case 7:
      case 8:
        return special(kind, object);
      default:
        break;
    }
    return kind == Kind::view ? with(Act::destroy, object) : with(Act::call, object);
  }

  Instruction special(Kind kind, int object) {
    switch (kind) {
      case Kind::badge:
        return with(Act::retain, object);
      case Kind::hall:
      case Kind::room: {
        const bool is_hall = kind == Kind::hall;
        const std::size_t which = below(is_hall ? 4 : 3);
        if (which == 0) return make(is_hall ? Kind::bench : Kind::chair, object);
        if (which == 1) return make(is_hall ? Kind::seat : Kind::lamp, object);
        return which == 2 ? make(Kind::view, object) : with(Act::change, object);
      }
      default:
        return with(kind == Kind::view ? Act::destroy : Act::call, object);
    }
  }

  Instruction with(Act act, int object) {
    World& world = program_.world;
    Instruction instruction{.act = act, .object = object};
    const bool takes_handle =
        act == Act::call || act == Act::refer || act == Act::retain || act == Act::change;
    if (!takes_handle || below(2) == 0) instruction.token = token_of(object);
    if (act == Act::retain) instruction.made = world.add_token(object);
    if (act == Act::pass || act == Act::pass_in_vain) {
      instruction.held = world.add_token(object);
      held_ |= std::uint64_t{1} << instruction.held;
      instruction.made = act == Act::pass ? world.add_token(object) : instruction.token;
    }
    return instruction;
  }

  // One that the host may come to have.
  int token_of(int object) {
    std::vector<int> tokens;
    for (std::size_t token = 0; token < program_.world.object_of.size(); ++token) {
      if (program_.world.object_of[token] == object && (held_ >> token & 1) == 0)
        tokens.push_back(static_cast<int>(token));
    }
    return tokens[below(tokens.size())];
  }

  std::minstd_rand random_;
  Program program_;
  std::uint64_t held_ = 0;  // a bit for each token that is never the host's
};

const char* name_of(Act act) {
  static constexpr const char* kNames[] = {"make",   "call",         "refer",         "retain",
                                           "pass",   "pass in vain", "end",           "end in vain",
                                           "change", "destroy",      "try to destroy"};
  return kNames[static_cast<std::size_t>(act)];
}

void write(std::ostream& text, const std::vector<Instruction>& instructions) {
  for (const Instruction& each : instructions) {
    text << " " << name_of(each.act) << " " << each.object;
    if (each.token != kNone) text << " by token " << each.token;
    if (each.made != kNone) text << " making token " << each.made;
    text << ";";
  }
}

}  // namespace

Program random_program(unsigned seed) {
  return Author(seed).write();
}

std::string as_text(const Program& program) {
  std::ostringstream text;
  for (std::size_t i = 0; i < program.then.size(); ++i) {
    text << "  thread " << i << ", first:";
    write(text, program.first[i]);
    text << " then:";
    write(text, program.then[i]);
    text << "\n";
  }
  return text.str();
}

std::pair<Program, Failure> made_smaller(Program program, Failure failure, bool is_exact) {
  constexpr int kTimes = 2000;
  for (auto part : {&Program::then, &Program::first}) {
    for (std::size_t thread = 0; thread < program.then.size(); ++thread) {
      for (std::size_t i = (program.*part)[thread].size(); i-- > 0;) {
        Program smaller = program;
        std::vector<Instruction>& instructions = (smaller.*part)[thread];
        instructions.erase(instructions.begin() + static_cast<std::ptrdiff_t>(i));
        std::optional<Failure> found = play(smaller, kTimes, is_exact);
        if (!found) continue;
        program = std::move(smaller);
        failure = std::move(*found);
      }
    }
  }
  return {std::move(program), std::move(failure)};
}

}  // namespace histories_test
