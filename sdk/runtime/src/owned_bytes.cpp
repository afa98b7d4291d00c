// Blobs as arguments: from the caller's struct to the author's tally::OwnedBytes, and back to whichever
// module made them. Goes through libtally's directory, since that may be another one.
#include "tally/owned_bytes.hpp"

#include "tally/runtime/arguments.hpp"
#include "tally/runtime/blob_table.hpp"
#include "tally/runtime/table.hpp"

namespace tally {
namespace {

tally_provider* provider_of(const tally_core& core, runtime::Word token) noexcept {
  const tally_table& table = core.directory[runtime::table_id(token)];
  return table.kind == TALLY_TABLE_BLOBS ? __atomic_load_n(&table.provider, __ATOMIC_ACQUIRE) : nullptr;
}

}  // namespace

OwnedBytes::~OwnedBytes() {
  if (!blob_.owner) return;
  const tally_core* const core = tally_core_entry(TALLY_ABI_MAJOR);
  const runtime::Word token = runtime::word_of(blob_.owner);
  if (tally_provider* const provider = core ? provider_of(*core, token) : nullptr)
    provider->blob_free(provider, token, TALLY_CALLER);
}

namespace runtime {

TakingBlob::TakingBlob(Call call, const char* parameter, tally_blob* blob) noexcept : blob_(blob) {
  if (!blob || !blob->owner) {
    status_ = null_argument(call, parameter);
    return;
  }
  status_ = call.function.interface.start();
  if (status_ < 0) return;
  const Word token = word_of(blob->owner);
  provider_ = provider_of(*call.function.interface.core(), token);
  if (!provider_) {
    status_ = refuse(call, call.function.interface.blobs(), parameter, token, Wanted::token);
    return;
  }
  tally_blob taken = *blob;
  status_ = provider_->blob_take(provider_, &taken, call.function.name, parameter, call.caller);
  if (status_ < 0) return;
  taken_ = word_of(taken.owner);
  own_ = OwnedBytes(taken);
  is_pending_ = true;
}

void TakingBlob::give_back() noexcept {
  is_pending_ = false;
  own_.detach();
  provider_->blob_give_back(provider_, word_of(blob_->owner), taken_);
}

tally_status check_text(Call call, const char* parameter, const TakingBlob& text) noexcept {
  const std::string_view given = text.memory().text();
  return is_utf8(given.data(), given.size()) ? TALLY_OK : not_utf8(call, parameter, given);
}

}  // namespace runtime
}  // namespace tally
