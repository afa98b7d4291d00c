// The author's side: plain classes. Two modules are made of them, post_north and post_south, so that a word
// of one can be brought to the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "post_host.hpp"
#include "tally/own.hpp"

namespace post_office {

class Label {
 public:
  explicit Label(std::string_view text) : text_(text) {}
  std::string read() const { return text_; }

 private:
  std::string text_;
};

class Parcel {
 public:
  explicit Parcel(std::uint32_t grams) : grams_(grams) {}
  std::uint32_t weigh() const { return grams_; }
  void stick(tally::Own<Label> label) { label_ = std::move(label); }
  std::string address() const { return label_ ? (*label_)->read() : ""; }

 private:
  std::uint32_t grams_;
  std::optional<tally::Own<Label>> label_;
};

class Route {
 public:
  void lead_to(tally::Own<Route> next) { next_ = std::move(next); }

 private:
  std::optional<tally::Own<Route>> next_;
};

// The runtime ends no branch before its counters, so that they can refer to it.
class Counter {
 public:
  explicit Counter(std::uint32_t& served) : served_(served) {}
  std::uint32_t serve() { return ++served_; }

 private:
  std::uint32_t& served_;
};

class Ticket {
 public:
  explicit Ticket(std::uint32_t number) : number_(number) {}
  std::uint32_t number() const { return number_; }

 private:
  std::uint32_t number_;
};

class Branch {
 public:
  Counter open_counter() { return Counter(served_); }
  Ticket draw_ticket() { return Ticket(++tickets_); }
  void on_arrival(post::host::Arrival handler) { handler_ = std::move(handler); }
  void receive(std::uint32_t grams) const {
    if (handler_) (*handler_)(grams);
  }

 private:
  std::uint32_t served_ = 0;
  std::uint32_t tickets_ = 0;
  std::optional<post::host::Arrival> handler_;
};

}  // namespace post_office
