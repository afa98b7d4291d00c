// The author's side of property.json: as little as can be, except that every object is numbered and that its
// end is noticed, once and a second time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "property_host.hpp"
#include "property_types.hpp"
#include "tally/bytes.hpp"
#include "tally/own.hpp"
#include "tally/owned_bytes.hpp"

namespace property_author {

/// What the author's code knows of its objects.
struct Register {
  std::uint64_t last = 0;
  std::array<std::uint64_t, 7> alive{};
  std::set<std::uint64_t> numbers;
  std::uint64_t faults = 0;
};

inline Register& the_register() {
  static Register kept;
  return kept;
}

/// A part of every object: its number, which is good as long as it lives.
template <std::size_t kClass>
class Entry {
 public:
  Entry() : number_(++the_register().last) {
    the_register().numbers.insert(number_);
    ++the_register().alive[kClass];
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() {
    if (the_register().numbers.erase(number_) == 0) ++the_register().faults;
    --the_register().alive[kClass];
  }

  std::uint64_t number() const {
    if (the_register().numbers.count(number_) == 0) ++the_register().faults;
    return number_;
  }

 private:
  std::uint64_t number_;
};

class Picture : public Entry<4> {
 public:
  std::string_view pixels() const { return "pixels"; }
  void change() const {}
};

class Leaf : public Entry<1> {
 public:
  template <class Parent>
  static Leaf on(Parent& parent) {
    parent.number();
    return Leaf();
  }
  Leaf again() const { return Leaf(); }
  std::string_view text() const { return "text"; }
  void change() const {}
  std::uint64_t end() && { return number(); }
};

class Bud : public Entry<3> {};

class Sprout : public Entry<5> {
 public:
  std::string_view text() const { return "text"; }
};

class Twig : public Entry<2> {
 public:
  Bud bud() const { return Bud(); }
  Sprout sprout() const { return Sprout(); }
  std::uint64_t end() && { return number(); }
};

class Cell : public Entry<6> {
 public:
  explicit Cell(std::uint64_t most) {
    if (the_register().alive[6] > most) throw property::Refused("so many live");
  }
};

/// What a root keeps, out of it while it is used: what is called meanwhile may put another in its place.
template <class Kept>
class Used {
 public:
  explicit Used(std::optional<Kept>& place) : place_(place), kept_(std::exchange(place, std::nullopt)) {
    if (!kept_) throw property::Refused("nothing is kept");
  }
  Used(const Used&) = delete;
  Used& operator=(const Used&) = delete;
  ~Used() {
    if (!place_ && *kept_) place_.emplace(std::move(*kept_));
  }
  Kept& operator*() { return *kept_; }

 private:
  std::optional<Kept>& place_;
  std::optional<Kept> kept_;
};

class Root : public Entry<0> {
 public:
  Leaf leaf() const { return Leaf(); }
  Twig twig() const { return Twig(); }
  Leaf leaf_after(property::host::Step handler) const {
    handler(number());
    return Leaf();
  }
  std::string_view content() const { return "content"; }
  void change() const {}
  std::string copy() const { return "a copy that is too long to lie in the string itself"; }

  void store(tally::OwnedBytes&& data, bool fail) {
    refuse_if(fail);
    data_ = std::move(data);
  }
  std::uint64_t call(property::host::Step handler) const { return handler(number()) ? 1 : 0; }
  void keep(property::host::Step handler, bool fail) {
    refuse_if(fail);
    kept_.emplace(std::move(handler));
  }
  std::uint64_t fire() {
    Used used(kept_);
    return (*used)(number()) ? 1 : 0;
  }

  void hold(tally::Own<Picture>&& picture, property::host::Step handler, bool fail) {
    handler(picture->number());
    refuse_if(fail);
    keep(picture_, std::move(picture));
  }
  tally::Own<Picture> let_go() {
    if (!picture_) throw property::Refused("there is no picture");
    return *std::exchange(picture_, std::nullopt);
  }
  void hand_on(property::host::Offer handler) {
    Used used(picture_);
    handler(*this, std::move(*used));
  }
  void graft(tally::Own<Twig>&& twig, property::host::Step handler, bool fail) {
    handler(twig->number());
    refuse_if(fail);
    keep(twig_, std::move(twig));
  }
  std::uint64_t look(const Picture& picture, property::host::Step handler) const {
    handler(number());
    return picture.number();
  }
  void swap(tally::Own<Picture>&& given, const Picture& lent) {
    lent.number();
    keep(picture_, std::move(given));
  }
  void attach(tally::Own<property::host::Sink>&& to) { keep(sink_, std::move(to)); }
  std::uint64_t write() {
    Used used(sink_);
    return (*used)->write(std::string_view("chunk"));
  }
  std::uint64_t end(property::host::Step handler, bool fail) && {
    handler(number());
    refuse_if(fail);
    return number();
  }

 private:
  static void refuse_if(bool fail) {
    if (fail) throw property::Refused("as it was told");
  }
  // The old one goes to the argument, and ends with it.
  template <class Object>
  static void keep(std::optional<tally::Own<Object>>& place, tally::Own<Object>&& given) {
    if (place) {
      *place = std::move(given);
    } else {
      place.emplace(std::move(given));
    }
  }

  tally::OwnedBytes data_;
  std::optional<property::host::Step> kept_;
  std::optional<tally::Own<Picture>> picture_;
  std::optional<tally::Own<Twig>> twig_;
  std::optional<tally::Own<property::host::Sink>> sink_;
};

inline std::uint64_t alive(std::uint32_t which) {
  return the_register().alive.at(which);
}
inline std::uint64_t faults() {
  return the_register().faults;
}
inline std::uint64_t add_up(tally::OwnedBytes&& data, bool fail) {
  if (fail) throw property::Refused("as it was told");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) sum += data.data()[i];
  return sum;
}

}  // namespace property_author
