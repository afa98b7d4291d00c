// See blob_table.hpp.
#include "tally/runtime/blob_table.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace tally::runtime {
namespace {

constexpr std::uint64_t kMostAlignment = 4096;

}  // namespace

RawMemory::RawMemory(Memory& from, std::size_t size, std::size_t alignment, bool is_zeroed)
    : from_(&from),
      data_(static_cast<std::uint8_t*>(from.allocate(size, alignment))),
      size_(size),
      alignment_(alignment) {
  if (is_zeroed) std::memset(data_, 0, size);
}

RawMemory::RawMemory(RawMemory&& other) noexcept
    : from_(other.from_),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      alignment_(other.alignment_) {}

RawMemory::~RawMemory() {
  if (data_) from_->free(data_, size_, alignment_);
}

void RawMemory::resize(std::size_t size) {
  data_ = static_cast<std::uint8_t*>(from_->reallocate(data_, size_, size, alignment_));
  size_ = size;
}

tally_status BlobTable::allocate(Call call, std::uint64_t size, std::uint64_t alignment, bool is_zeroed,
                                 tally_blob* out) noexcept {
  if (!out) return null_argument(call, "out");
  *out = {};
  if (alignment == 0) alignment = alignof(std::max_align_t);
  if (!std::has_single_bit(alignment) || alignment > kMostAlignment)
    return invalid_argument(call, "alignment", "must be 0 or a power of two up to 4096");
  return produce_bytes(call, out, [&] { return RawMemory(module_memory, size, alignment, is_zeroed); });
}

tally_status BlobTable::resize(Call call, tally_blob* blob, std::size_t size) noexcept {
  const Word token = word_of(blob->owner);
  const At at = at_of(token);
  if (!at || at.record->token.load(std::memory_order_relaxed) != token)
    return refuse(call, *this, "blob", token, Wanted::token);
  Holder& holder = *object_in(at);
  RawMemory* const raw = holder.raw();
  if (!raw) return not_resizable(call);
  const tally_status status = guard(call, [&] {
    raw->resize(size);
    return TALLY_OK;
  });
  if (status < 0) return status;
  holder.set_memory(raw->data(), raw->size());
  blob->data = raw->data();
  blob->size = raw->size();
  return TALLY_OK;
}

std::uint64_t BlobTable::bytes() const noexcept {
  return sum_over_objects([](const void* storage, std::uint64_t* sum) {
    *sum += std::launder(static_cast<const Holder*>(storage))->size();
  });
}

tally_status BlobTable::take(Call call, const char* parameter, tally_blob* blob) noexcept {
  const Word token = word_of(blob->owner);
  const At at = at_of(token);
  Word expected = token;
  const bool is_last = generation(token) == kLastGeneration;
  if (at && is_last && at.record->token.load(std::memory_order_relaxed) == token) return worn_out(call);
  if (!at || is_last || !at.record->token.compare_exchange_strong(expected, token + kOneGeneration))
    return refuse(call, *this, parameter, token, Wanted::token);
  if (Lane* const own = this_lane()) {
    own->remember(0, token, at.record->created.load(std::memory_order_relaxed), site_of(call.caller),
                  Ending::given_away);
  }
  const Holder& holder = *object_in(at);
  *blob = {holder.data(), holder.size(), as_pointer<tally_blob_owner>(token + kOneGeneration)};
  return TALLY_OK;
}

void BlobTable::give_back(Word token, Word taken) noexcept {
  const At at = at_of(taken);
  if (!at) return;
  Word expected = taken;
  at.record->token.compare_exchange_strong(expected, token);
  if (Lane* const own = this_lane()) own->forget_transfer(token);
}

}  // namespace tally::runtime
