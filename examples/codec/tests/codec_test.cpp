// What the interface promises must hold for every module: whatever goes in comes back, damage is noticed, and
// no result is larger than 1 MiB.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "codec.hpp"

namespace {

using Data = std::vector<std::uint8_t>;

constexpr std::size_t mebibyte = std::size_t{1} << 20;

void append(Data& data, const tally::Blob& blob) {
  data.insert(data.end(), blob.begin(), blob.end());
}

tally::Bytes part(const Data& data, std::size_t begin, std::size_t size) {
  return {data.data() + begin, std::min(size, data.size() - begin)};
}

Data zeros(std::size_t size) {
  return Data(size);
}

Data noise(std::size_t size) {
  Data data(size);
  std::generate(data.begin(), data.end(),
                [random = std::mt19937(1)]() mutable { return static_cast<std::uint8_t>(random()); });
  return data;
}

Data words(std::size_t size) {
  Data data(size);
  std::generate(data.begin(), data.end(), [random = std::mt19937(2)]() mutable {
    return static_cast<std::uint8_t>("etaoin shrdlu"[random() % 13]);
  });
  return data;
}

class Codec : public testing::TestWithParam<std::string> {
 protected:
  Data pack(const Data& data, std::int32_t level = 6, std::size_t chunk = 65536) const {
    Data packed;
    codec::Encoder encoder = codec::Encoder::create(module_, level);
    for (std::size_t at = 0; at < data.size(); at += chunk)
      append(packed, encoder.write(part(data, at, chunk)));
    append(packed, std::move(encoder).finish());
    return packed;
  }

  Data unpack(const Data& packed, std::size_t chunk = 65536) const {
    Data data;
    codec::Decoder decoder = codec::Decoder::create(module_);
    for (std::size_t at = 0; at < packed.size(); at += chunk) {
      for (tally::Blob blob = decoder.write(part(packed, at, chunk)); !blob.empty(); blob = decoder.read()) {
        EXPECT_LE(blob.size(), mebibyte);
        append(data, blob);
      }
    }
    std::move(decoder).finish();
    return data;
  }

  codec::Module module_ = codec::Module::load(std::string(CODEC_MODULES) + "/" + GetParam() + ".so");
};

INSTANTIATE_TEST_SUITE_P(Modules, Codec, testing::Values("codec_zlib", "codec_zstd", "codec_lz4"),
                         [](const auto& test) { return test.param; });

TEST_P(Codec, GivesBackWhatItWasGiven) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{65536}, mebibyte - 1, mebibyte, mebibyte + 1}) {
    for (const Data& data : {zeros(size), noise(size), words(size)})
      EXPECT_EQ(unpack(pack(data)), data) << size << " bytes";
  }
}

TEST_P(Codec, TakesChunksOfAnySize) {
  const Data data = words(300'000);
  for (const std::size_t chunk : {std::size_t{4093}, std::size_t{65536}, data.size()}) {
    const Data packed = pack(data, 6, chunk);
    EXPECT_EQ(unpack(packed, 997), data) << "packed in chunks of " << chunk;
    EXPECT_EQ(unpack(packed, packed.size()), data) << "packed in chunks of " << chunk;
  }
  const Data little = words(1000);
  EXPECT_EQ(unpack(pack(little, 6, 1), 1), little);
}

TEST_P(Codec, WritesTheStandardFormatOfItsLibrary) {
  const std::map<std::string, Data> magic_numbers = {{"codec_zlib", {0x1f, 0x8b}},
                                                     {"codec_zstd", {0x28, 0xb5, 0x2f, 0xfd}},
                                                     {"codec_lz4", {0x04, 0x22, 0x4d, 0x18}}};
  const Data& magic = magic_numbers.at(GetParam());
  const Data packed = pack(words(1000));
  EXPECT_TRUE(std::equal(magic.begin(), magic.end(), packed.begin()));
}

TEST_P(Codec, TakesAnEmptyChunk) {
  codec::Encoder encoder = codec::Encoder::create(module_);
  Data packed;
  append(packed, encoder.write({}));
  append(packed, std::move(encoder).finish());
  codec::Decoder decoder = codec::Decoder::create(module_);
  EXPECT_TRUE(decoder.write({}).empty());
  EXPECT_TRUE(decoder.read().empty());
  EXPECT_TRUE(decoder.write(packed).empty());
  EXPECT_NO_THROW(std::move(decoder).finish());
}

TEST_P(Codec, HasLevelsFrom1To9AndNoOthers) {
  const Data data = words(200'000);
  for (std::int32_t level = 1; level <= 9; ++level)
    EXPECT_EQ(unpack(pack(data, level)), data) << "level " << level;
  EXPECT_LT(pack(data, 9).size(), pack(data, 1).size());
  for (const std::int32_t level : {-1, 0, 10}) {
    try {
      (void)codec::Encoder::create(module_, level);
      ADD_FAILURE() << "level " << level << " was taken";
    } catch (const tally::Error& error) {
      EXPECT_EQ(error.status(), TALLY_INVALID_ARGUMENT);
      EXPECT_NE(std::string(error.what()).find("1 (fastest) to 9 (smallest)"), std::string::npos)
          << error.what();
    }
  }
}

TEST_P(Codec, NoticesAStreamThatIsCutShort) {
  Data packed = pack(words(100'000));
  for (const std::size_t missing : {std::size_t{1}, packed.size() / 2, packed.size()}) {
    const Data cut(packed.begin(), packed.end() - static_cast<std::ptrdiff_t>(missing));
    EXPECT_THROW(unpack(cut), codec::CorruptInput) << missing << " bytes are missing";
  }
}

TEST_P(Codec, NoticesBytesAfterTheEnd) {
  Data packed = pack(words(100'000));
  const std::size_t end = packed.size();
  packed.push_back(0);
  EXPECT_THROW(unpack(packed), codec::CorruptInput) << "in the last chunk";
  EXPECT_THROW(unpack(packed, end), codec::CorruptInput) << "in a chunk of their own";
}

TEST_P(Codec, NoticesEveryDamagedByteOrGivesBackTheRightData) {
  const Data data = words(20'000);
  const Data packed = pack(data);
  for (std::size_t at = 0; at < packed.size(); at += 37) {
    Data damaged = packed;
    damaged[at] ^= 0x10;
    try {
      EXPECT_EQ(unpack(damaged), data)
          << "byte " << at << " of " << packed.size();  // a byte that means nothing
    } catch (const codec::CorruptInput&) {
      continue;
    }
  }
}

TEST_P(Codec, RefusesWhatIsNoStreamAndStaysRefused) {
  codec::Decoder decoder = codec::Decoder::create(module_);
  const Data nonsense(1000, 0x55);
  EXPECT_THROW((void)decoder.write(nonsense), codec::CorruptInput);
  EXPECT_THROW((void)decoder.write(pack(words(10))), codec::CorruptInput);
  EXPECT_THROW(std::move(decoder).finish(), codec::CorruptInput);
}

TEST_P(Codec, GivesABombInSmallPieces) {
  const std::size_t size = 64 * mebibyte;
  const Data bomb = pack(zeros(size));
  codec::Decoder decoder = codec::Decoder::create(module_);
  std::size_t total = 0;
  for (tally::Blob blob = decoder.write(bomb); !blob.empty(); blob = decoder.read()) {
    ASSERT_LE(blob.size(), mebibyte);
    total += blob.size();
  }
  std::move(decoder).finish();
  EXPECT_EQ(total, size);
}

TEST_P(Codec, RefusesTheNextChunkWhileOneWaitsAndGoesOnUnharmed) {
  const Data data = zeros(8 * mebibyte);
  const Data packed = pack(data);
  codec::Decoder decoder = codec::Decoder::create(module_);
  Data back;
  append(back, decoder.write(packed));
  const auto expect_refused = [](const auto& call) {
    try {
      call();
      ADD_FAILURE() << "not refused";
    } catch (const tally::Error& error) {
      EXPECT_EQ(error.status(), TALLY_INVALID_ARGUMENT);
      EXPECT_NE(std::string(error.what()).find("call read"), std::string::npos) << error.what();
    }
  };
  expect_refused([&] { (void)decoder.write(packed); });
  expect_refused([&] { std::move(decoder).finish(); });
  for (tally::Blob blob = decoder.read(); !blob.empty(); blob = decoder.read()) append(back, blob);
  EXPECT_NO_THROW(std::move(decoder).finish());
  EXPECT_EQ(back, data);
}

}  // namespace
