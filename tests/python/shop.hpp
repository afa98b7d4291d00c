// The author's side of shop.json.
#pragma once

#include <cstdint>
#include <exception>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "shop_host.hpp"
#include "shop_types.hpp"
#include "tally/bytes.hpp"
#include "tally/own.hpp"
#include "tally/owned_bytes.hpp"

namespace shop_author {

class Note {
 public:
  explicit Note(std::string_view text) : text_(text) {}
  std::string_view text() const { return text_; }
  tally::Bytes data() const { return {reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size()}; }
  std::uint64_t size() const { return text_.size(); }
  void set_text(std::string_view text) { text_ = text; }

 private:
  std::string text_;
};

class Cursor {
 public:
  std::int32_t position() const { return 7; }
};

class Database {
 public:
  Database() = default;
  ~Database() {
    try {
      if (at_end_) (*at_end_)(-1);
    } catch (const tally::CallbackError&) {
      // a destructor has nobody to tell
    }
  }

  Note write_note(std::string_view text) { return Note(text); }
  Cursor open_cursor() { return {}; }

  void on_notice(shop::host::Notice handler) { handler_.emplace(std::move(handler)); }
  void refuse_notice(shop::host::Notice) { throw shop::SoldOut("no notices left"); }
  void notify(std::int32_t item) {
    if (handler_) (*handler_)(item);
  }
  bool notify_and_catch(std::int32_t item) {
    try {
      notify(item);
    } catch (const tally::CallbackError&) {
      return true;
    }
    return false;
  }
  void notify_and_translate(std::int32_t item) {
    if (notify_and_catch(item)) throw shop::SoldOut("translated");
  }
  void notify_and_refuse(std::int32_t item) {
    notify(item);
    throw shop::SoldOut("all the same");
  }
  void notify_elsewhere(std::int32_t item) {
    std::exception_ptr failure;
    std::thread([&] {
      try {
        notify(item);
      } catch (...) {
        failure = std::current_exception();
      }
    }).join();
    if (failure) std::rethrow_exception(failure);
  }
  void on_end(shop::host::Notice handler) { at_end_.emplace(std::move(handler)); }
  void forget() { handler_.reset(); }

  shop::Verdict review(tally::Bytes content, shop::host::Review by) {
    return by(content, 0.5, shop::Verdict::more);
  }
  std::int32_t inspect(Note& note, shop::host::Inspect by) { return by(note); }
  bool offer(tally::Own<Note> note, shop::host::Adopt to) {
    try {
      return to(std::move(note));
    } catch (const tally::CallbackError&) {
      return false;
    }
  }

  void attach(tally::Own<shop::host::Sink> to) { sink_.emplace(std::move(to)); }
  tally::Own<shop::host::Sink> give_back() {
    if (!sink_) throw std::runtime_error("nothing is attached");
    tally::Own<shop::host::Sink> sink = std::move(*sink_);
    sink_.reset();
    return sink;
  }
  std::uint64_t log(tally::Bytes chunk) { return sink_ ? (*sink_)->write(chunk) : 0; }
  std::uint64_t log_to(shop::host::Sink& to, tally::Bytes chunk) { return to.write(chunk); }
  std::string name_of(shop::host::Sink& sink) { return std::string(sink.name().text()); }
  std::uint64_t size_of(shop::host::Sink& sink, std::uint64_t size) { return sink.read(size).size(); }

 private:
  std::optional<shop::host::Notice> handler_;
  std::optional<shop::host::Notice> at_end_;
  std::optional<tally::Own<shop::host::Sink>> sink_;
};

class Image {
 public:
  explicit Image(std::uint32_t width) : width_(width) {}
  std::uint32_t width() const { return width_; }
  void widen(std::uint32_t by) { width_ += by; }

 private:
  std::uint32_t width_;
};

class Sample {
 public:
  explicit Sample(std::uint32_t seed) : value_(seed) {}
  std::uint32_t next() { return value_++; }

 private:
  std::uint32_t value_;
};

class Chest {
 public:
  std::uint64_t put(tally::OwnedBytes data, bool fails) {
    if (fails) throw shop::SoldOut("no room");
    data_ = std::move(data);
    return data_.size();
  }
  std::uint64_t put_text(tally::OwnedBytes text) { return put(std::move(text), false); }
  std::vector<std::uint8_t> take() const { return {data_.data(), data_.data() + data_.size()}; }
  std::uint64_t address() const { return reinterpret_cast<std::uintptr_t>(data_.data()); }

 private:
  tally::OwnedBytes data_;
};

class Subscription {
 public:
  explicit Subscription(shop::host::Notice handler) : handler_(std::move(handler)) {}
  void fire(std::int32_t item) { handler_(item); }

 private:
  shop::host::Notice handler_;
};

class Bundle {
 public:
  void put(tally::Own<Subscription> subscription) { kept_.emplace(std::move(subscription)); }
  void fire(std::int32_t item) {
    if (kept_) (*kept_)->fire(item);
  }

 private:
  std::optional<tally::Own<Subscription>> kept_;
};

inline std::optional<shop::host::Notice>& kept() {
  static std::optional<shop::host::Notice> kept;
  return kept;
}

inline std::uint32_t checksum(tally::Bytes data, std::uint32_t start) {
  return std::accumulate(data.begin(), data.end(), start);
}
inline std::string greet(std::string_view name) {
  return "hello " + std::string(name);
}
inline Note note_for(Database&, std::string_view text) {
  return Note(text);
}
inline std::uint64_t count_to(std::uint64_t end, shop::host::Progress each) {
  for (std::uint64_t done = 0; done < end; ++done)
    if (!each(done, "counting")) return done;
  return end;
}
inline void fail() {
  throw shop::SoldOut("as it should");
}
inline void keep(shop::host::Notice handler) {
  kept().emplace(std::move(handler));
}
inline void forget() {
  kept().reset();
}

}  // namespace shop_author
