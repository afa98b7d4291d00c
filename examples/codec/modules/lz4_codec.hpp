// codec over lz4: one LZ4 frame of linked 64 KiB blocks, with an XXH32 checksum.
//
//   level   1   2   3   4   5   6   7   8   9
//   lz4   -20 -12  -8  -4  -2   0   4   9  12     below 0: faster than lz4's default; from 3: its slower "HC"
//   modes
//
// An encoder takes 0.2 to 0.5 MB beside its results, a decoder at most 8 MB, as much as the
// largest blocks that the format knows need.
#pragma once

#include <lz4frame.h>

#include "stream.hpp"

namespace lz4_codec {

class Encoder {
 public:
  explicit Encoder(std::int32_t level);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  tally::Buffer write(tally::Bytes chunk);
  tally::Buffer finish() &&;

 private:
  void begin(codec_stream::Output& output);

  LZ4F_preferences_t preferences_{};
  LZ4F_cctx* lz4_ = nullptr;
  bool begun_ = false;  // the frame's header is written
  codec_stream::Unbroken unbroken_;
};

class Frame {
 public:
  Frame();
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  codec_stream::Step unpack(tally::Bytes input, std::uint8_t* output, std::size_t room);

 private:
  LZ4F_dctx* lz4_ = nullptr;
};

using Decoder = codec_stream::Decoder<Frame>;

}  // namespace lz4_codec
