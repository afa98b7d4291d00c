// codec over zlib: one gzip member (RFC 1952), whose CRC-32 notices what zlib's own format with its Adler-32
// can miss. Levels are zlib's own. An encoder takes about 270 KB, a decoder 45 KB, beside their results.
#pragma once

#ifndef ZLIB_CONST
#define ZLIB_CONST  // zlib only reads its input; this makes its header say so
#endif
#include <zlib.h>

#include "stream.hpp"

namespace zlib_codec {

class Encoder {
 public:
  explicit Encoder(std::int32_t level);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  tally::Buffer write(tally::Bytes chunk);
  tally::Buffer finish() &&;

 private:
  tally::Buffer pack(tally::Bytes chunk, int flush);

  z_stream zlib_{};
  codec_stream::Unbroken unbroken_;
};

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  codec_stream::Step unpack(tally::Bytes input, std::uint8_t* output, std::size_t room);

 private:
  z_stream zlib_{};
};

using Decoder = codec_stream::Decoder<Inflater>;

}  // namespace zlib_codec
