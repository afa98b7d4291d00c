// The memory of one module: what large objects, blobs and authors' containers are allocated from. The host
// can bring an allocator of its own and set limits when it opens the module.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include "tally/allocator.h"

namespace tally::runtime {

/// The host's limit on bytes does not allow it.
struct LimitReached : std::bad_alloc {
  LimitReached(std::uint64_t wanted_bytes, std::uint64_t held_bytes, std::uint64_t most_bytes) noexcept
      : wanted(wanted_bytes), held(held_bytes), most(most_bytes) {}

  std::uint64_t wanted;
  std::uint64_t held;
  std::uint64_t most;

  const char* what() const noexcept override { return "the host's limit for this module"; }
};

class Memory {
 public:
  /// Memory of that size; `alignment` is a power of two. Throws LimitReached or std::bad_alloc.
  void* allocate(std::size_t size, std::size_t alignment);
  /// The same with the old content, as far as it fits; throws, and the old memory is as it was.
  void* reallocate(void* memory, std::size_t old_size, std::size_t size, std::size_t alignment);
  void free(void* memory, std::size_t size, std::size_t alignment) noexcept;

  /// From the first opening on. False if it asks for another allocator than the one in use. What `is_in_use`
  /// has objects, if not bytes.
  bool use(const tally_module_options& options, bool is_in_use) noexcept;
  /// After the last: malloc again, and no limits.
  void reset() noexcept;

  bool is_limited() const noexcept { return most_handles_ != 0; }
  std::uint64_t most_handles() const noexcept { return most_handles_; }
  std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  void reserve(std::size_t size);
  void unreserve(std::size_t size) noexcept { bytes_.fetch_sub(size, std::memory_order_relaxed); }

  std::uint64_t most_handles_ = 0;  // 0: no limit
  std::uint64_t most_bytes_ = 0;    // likewise
  tally_allocator allocator_{};     // `allocate` is null: malloc
  std::atomic<std::uint64_t> bytes_{0};
};

/// The memory of this module.
TALLY_HIDDEN extern Memory module_memory;

}  // namespace tally::runtime
