// codec over zstd: one frame (RFC 8878) with an XXH64 checksum and no content size, as the length is not
// known beforehand.
//
//   level   1   2   3   4   5   6   7   8   9
//   zstd   -5  -3  -1   1   2   3   7  13  19
//
// An encoder takes from 1.3 MB (level 1) to 94 MB (level 9) beside its results, a decoder at most 9 MB:
// frames with a larger window than level 19's are refused as corrupt_input, for this codec never writes one.
#pragma once

#include <zstd.h>

#include <memory>

#include "stream.hpp"

namespace zstd_codec {

template <auto free_function>
struct Free {
  void operator()(auto* stream) const noexcept { free_function(stream); }
};

class Encoder {
 public:
  explicit Encoder(std::int32_t level);

  tally::Buffer write(tally::Bytes chunk);
  tally::Buffer finish() &&;

 private:
  tally::Buffer pack(tally::Bytes chunk, ZSTD_EndDirective directive);

  std::unique_ptr<ZSTD_CStream, Free<ZSTD_freeCStream>> zstd_;
  codec_stream::Unbroken unbroken_;
};

class Frame {
 public:
  Frame();

  codec_stream::Step unpack(tally::Bytes input, std::uint8_t* output, std::size_t room);

 private:
  std::unique_ptr<ZSTD_DStream, Free<ZSTD_freeDStream>> zstd_;
};

using Decoder = codec_stream::Decoder<Frame>;

}  // namespace zstd_codec
