// The author's side of histories.json: as little as can be, except that it tells the test when it is inside
// an object and when an object ends.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

#include "histories_types.hpp"
#include "tally/own.hpp"

namespace histories_author {

/// What the test asks to be told: a call is inside, and is about to leave; the destructor of the object of
/// that number runs.
struct Told {
  void (*enter)() = nullptr;
  void (*leave)() = nullptr;
  void (*end)(std::uint64_t number) = nullptr;
};
inline Told told;

/// One call.
class Inside {
 public:
  Inside() { told.enter(); }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { told.leave(); }
};

inline void refuse_if(bool fail) {
  if (fail) throw histories::Refused("as it was told");
}

/// What all classes have. Its number is 0 when it has ended.
class Numbered {
 public:
  explicit Numbered(std::uint64_t number) : number_(number) {}
  Numbered(const Numbered&) = delete;
  Numbered& operator=(const Numbered&) = delete;
  ~Numbered() { told.end(number_.exchange(0)); }

  std::uint64_t number() const {
    const Inside inside;
    return number_;
  }

 protected:
  std::atomic<std::uint64_t> number_;
};

class Plate : public Numbered {
 public:
  using Numbered::Numbered;
  void end(bool fail) && {
    const Inside inside;
    refuse_if(fail);
  }
};

class Badge : public Numbered {
  using Numbered::Numbered;
};

class Pen : public Plate {
  using Plate::Plate;
};

class Bench : public Numbered {
  using Numbered::Numbered;
};

class Seat : public Numbered {
  using Numbered::Numbered;
};

class Chair : public Numbered {
  using Numbered::Numbered;
};

class Lamp : public Numbered {
  using Numbered::Numbered;
};

class Hall : public Plate {
 public:
  using Plate::Plate;
  Bench bench(std::uint64_t number) const { return make<Bench>(number); }
  Seat seat(std::uint64_t number) const { return make<Seat>(number); }
  std::string_view name() const {
    const Inside inside;
    return "name";
  }
  void change() const { const Inside inside; }

 protected:
  template <class Child>
  Child make(std::uint64_t number) const {
    const Inside inside;
    return Child(number);
  }
};

class Room : public Hall {
 public:
  using Hall::Hall;
  Chair chair(std::uint64_t number) const { return make<Chair>(number); }
  Lamp lamp(std::uint64_t number) const { return make<Lamp>(number); }
};

template <class Object>
tally::Own<Object> pass(tally::Own<Object>&& what, bool fail) {
  what->number();
  refuse_if(fail);
  return std::move(what);
}
inline tally::Own<Plate> pass_plate(tally::Own<Plate>&& what, bool fail) {
  return pass(std::move(what), fail);
}
inline tally::Own<Badge> pass_badge(tally::Own<Badge>&& what, bool fail) {
  return pass(std::move(what), fail);
}
inline tally::Own<Pen> pass_pen(tally::Own<Pen>&& what, bool fail) {
  return pass(std::move(what), fail);
}
inline tally::Own<Hall> pass_hall(tally::Own<Hall>&& what, bool fail) {
  return pass(std::move(what), fail);
}

}  // namespace histories_author
