// What the three modules share, which is what the interface says and no library knows: levels, results of
// bounded size, and packed input that waits until somebody reads. Everything that is about one library is in
// its own module.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "codec_types.hpp"
#include "tally/buffer.hpp"
#include "tally/bytes.hpp"

namespace codec_stream {

// `level` if it is one, std::invalid_argument otherwise.
inline std::int32_t checked_level(std::int32_t level) {
  if (level < 1 || level > 9) {
    throw std::invalid_argument("level is " + std::to_string(level) +
                                "; it goes from 1 (fastest) to 9 (smallest)");
  }
  return level;
}

// A result that a library writes into. It grows only when the room that was asked for turns out too small, so
// the usual result is one allocation, and becomes the caller's blob where it is.
class Output {
 public:
  explicit Output(std::size_t room) : memory_(room) {}

  std::uint8_t* next() noexcept { return memory_.data() + used_; }
  std::size_t room() const noexcept { return memory_.size() - used_; }
  void add(std::size_t written) noexcept { used_ += written; }

  void grow() {
    tally::Buffer larger(2 * memory_.size());
    std::copy_n(memory_.data(), used_, larger.data());
    memory_ = std::move(larger);
  }

  tally::Buffer take() {
    if (used_ == 0) return {};
    memory_.shrink(used_);
    return std::move(memory_);
  }

 private:
  tally::Buffer memory_;
  std::size_t used_ = 0;
};

// Lets an encoder work as long as no call has been left half-way by an exception: what the library wrote then
// is lost, and a stream with a hole in it must not look whole.
class Unbroken {
 public:
  template <typename Work>
  auto during(Work work) {
    if (broken_)
      throw std::runtime_error("an earlier call failed half-way, so the stream has a hole; start again");
    broken_ = true;
    auto result = work();
    broken_ = false;
    return result;
  }

 private:
  bool broken_ = false;
};

// What one call of a library's unpacking function came to.
struct Step {
  std::size_t read;     // bytes of input
  std::size_t written;  // bytes of output
  bool ended;           // the stream is complete
};

// The interface's decoder over a library's. `Library` has `Step unpack(tally::Bytes input, std::uint8_t*
// output, std::size_t room)`, which does as much as it can, and throws codec::CorruptInput.
template <typename Library>
class Decoder {
 public:
  static constexpr std::size_t largest_result = std::size_t{1} << 20;

  tally::Buffer write(tally::Bytes chunk) {
    refuse_if_waiting("write");
    waiting_.reserve(chunk.size());  // what can fail must, before the stream moves on
    Output output(largest_result);
    const std::size_t read = unpack(chunk, output);
    waiting_.assign(chunk.begin() + read, chunk.end());
    waiting_read_ = 0;
    return output.take();
  }

  tally::Buffer read() {
    if (waiting() == 0 && !full_) return {};
    Output output(largest_result);
    waiting_read_ += unpack(tally::Bytes(waiting_.data() + waiting_read_, waiting()), output);
    return output.take();
  }

  void finish() {
    if (failed_) throw_failed();
    refuse_if_waiting("finish");
    if (!ended_) throw codec::CorruptInput("the stream is cut short");
    if (trailing_ > 0)
      throw codec::CorruptInput(std::to_string(trailing_) + " bytes follow the end of the stream");
  }

 private:
  std::size_t waiting() const noexcept { return waiting_.size() - waiting_read_; }

  void refuse_if_waiting(const char* method) const {
    if (waiting() == 0 && !full_) return;
    throw std::invalid_argument(
        std::string(method) +
        ": part of the last chunk is not unpacked yet; call read until it returns nothing");
  }

  [[noreturn]] static void throw_failed() {
    throw codec::CorruptInput("the stream can't go on after an earlier failure; destroy the decoder");
  }

  // Unpacks until the output is full, the input is used up or the stream ends. Returns how much of the input
  // is done with: all of it at the end, for nothing that follows is kept.
  std::size_t unpack(tally::Bytes input, Output& output) {
    if (failed_) throw_failed();
    failed_ = true;  // until the library has had its say
    std::size_t read = 0;
    while (!ended_ && output.room() > 0) {
      const Step step = library_.unpack(tally::Bytes(input.data() + read, input.size() - read), output.next(),
                                        output.room());
      read += step.read;
      output.add(step.written);
      ended_ = step.ended;
      if (step.read == 0 && step.written == 0) break;
    }
    failed_ = false;
    full_ = !ended_ && output.room() == 0;
    if (!ended_) return read;
    trailing_ += input.size() - read;
    return input.size();
  }

  Library library_;
  std::vector<std::uint8_t> waiting_;  // the rest of the last chunk
  std::size_t waiting_read_ = 0;       // how much of it is done with
  std::uint64_t trailing_ = 0;         // bytes after the end of the stream
  bool full_ = false;                  // the last result had no room left: the library may hold more
  bool ended_ = false;
  bool failed_ = false;
};

}  // namespace codec_stream
