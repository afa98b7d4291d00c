// codec over zlib.
#include "zlib_codec.hpp"

#include <limits>
#include <new>

namespace zlib_codec {

namespace {

constexpr int gzip_format =
    15 + 16;  // a window of 2^15 bytes; 16 more make it gzip instead of zlib's own format

// zlib counts what it is given in 32 bits: longer input and output go through it in turns.
uInt turn(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

void check_opened(int result) {
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result != Z_OK) throw std::runtime_error(std::string("zlib does not open a stream: ") + zError(result));
}

}  // namespace

Encoder::Encoder(std::int32_t level) {
  constexpr int default_memory = 8;
  check_opened(deflateInit2(&zlib_, codec_stream::checked_level(level), Z_DEFLATED, gzip_format,
                            default_memory, Z_DEFAULT_STRATEGY));
}

Encoder::~Encoder() {
  deflateEnd(&zlib_);
}

tally::Buffer Encoder::write(tally::Bytes chunk) {
  return pack(chunk, Z_NO_FLUSH);
}

tally::Buffer Encoder::finish() && {
  return pack({}, Z_FINISH);
}

// zlib is done when it leaves room in the output.
tally::Buffer Encoder::pack(tally::Bytes chunk, int flush) {
  // deflateBound() counts this chunk only; earlier ones have left at most a window's worth behind.
  constexpr std::size_t left_behind = std::size_t{64} << 10;
  codec_stream::Output output(deflateBound(&zlib_, chunk.size()) + left_behind);
  return unbroken_.during([&] {
    const std::uint8_t* next = chunk.begin();
    do {
      if (output.room() == 0) output.grow();
      const uInt room = turn(output.room());
      zlib_.next_in = next;
      zlib_.avail_in = turn(static_cast<std::size_t>(chunk.end() - next));
      zlib_.next_out = output.next();
      zlib_.avail_out = room;
      deflate(&zlib_, flush);  // can't fail on an open stream with room to write to
      next = zlib_.next_in;
      output.add(room - zlib_.avail_out);
    } while (next != chunk.end() || zlib_.avail_out == 0);
    return output.take();
  });
}

Inflater::Inflater() {
  check_opened(inflateInit2(&zlib_, gzip_format));
}

Inflater::~Inflater() {
  inflateEnd(&zlib_);
}

codec_stream::Step Inflater::unpack(tally::Bytes input, std::uint8_t* output, std::size_t room) {
  const uInt given = turn(input.size());
  const uInt taken = turn(room);
  zlib_.next_in = input.data();
  zlib_.avail_in = given;
  zlib_.next_out = output;
  zlib_.avail_out = taken;
  const int result = inflate(&zlib_, Z_NO_FLUSH);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result == Z_NEED_DICT) throw codec::CorruptInput("zlib: the stream needs a dictionary");
  // Z_BUF_ERROR is no error: there was nothing to do.
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    throw codec::CorruptInput(std::string("zlib: ") + (zlib_.msg != nullptr ? zlib_.msg : zError(result)));
  }
  return {given - zlib_.avail_in, taken - zlib_.avail_out, result == Z_STREAM_END};
}

}  // namespace zlib_codec
