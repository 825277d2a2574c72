// SPDX-License-Identifier: Apache-2.0
#include "capture/input.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <system_error>

#include "support/catch.hpp"
#include "support/dissect.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::test;

namespace {

Octets gzipped(const Octets& plain) {
  z_stream state{};
  REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Octets packed(deflateBound(&state, plain.size()));
  Octets input = plain;
  state.next_in = input.data();
  state.avail_in = static_cast<uInt>(input.size());
  state.next_out = packed.data();
  state.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
  packed.resize(state.total_out);
  deflateEnd(&state);
  return packed;
}

Octets zstandard(const Octets& plain, bool has_checksum) {
  ZSTD_CCtx* state = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(state, ZSTD_c_checksumFlag, has_checksum ? 1 : 0);
  Octets packed(ZSTD_compressBound(plain.size()));
  size_t size = ZSTD_compress2(state, packed.data(), packed.size(), plain.data(), plain.size());
  REQUIRE(ZSTD_isError(size) == 0);
  ZSTD_freeCCtx(state);
  packed.resize(size);
  return packed;
}

/// Text that hardly packs, so that a cut loses something.
Octets noise(size_t size) {
  Octets octets(size);
  uint32_t state = 12345;
  for (uint8_t& octet : octets) {
    state = state * 1664525 + 1013904223;
    octet = static_cast<uint8_t>(state >> 24);
  }
  return octets;
}

struct Taken {
  Octets octets;
  std::string error;
};

Taken take(Input& input, size_t step) {
  Taken taken;
  for (Bytes bytes = input.peek(step); !bytes.empty(); bytes = input.peek(step)) {
    taken.octets.insert(taken.octets.end(), bytes.begin(), bytes.end());
    input.consume(bytes.size());
  }
  taken.error = input.error();
  return taken;
}

Taken take(const Octets& file, size_t step = 4096) {
  TemporaryFile stored("input", as_text(Bytes(file)));
  Input input = Input::open(stored.path());
  return take(input, step);
}

}  // namespace

TEST_CASE("Input: what is peeked at is contiguous and stays until it is consumed", "[capture]") {
  Octets file = noise(400'000);
  TemporaryFile stored("input", as_text(Bytes(file)));
  Input input = Input::open(stored.path());
  CHECK(input.size() == file.size());
  CHECK(input.position() == 0);
  for (size_t size : {1, 7, 4096, 200'000, 300'000}) {
    Bytes bytes = input.peek(size);
    REQUIRE(bytes.size() == size);
    CHECK(std::equal(bytes.begin(), bytes.end(), file.begin()));
  }
  input.consume(100'000);
  CHECK(input.position() == 100'000);
  Bytes bytes = input.peek(1'000'000);
  REQUIRE(bytes.size() == 300'000);
  CHECK(std::equal(bytes.begin(), bytes.end(), file.begin() + 100'000));
  input.consume(1'000'000);  // no more than there is
  CHECK(input.peek(1).empty());
  CHECK(input.position() == file.size());
  CHECK(input.error() == "");
}

TEST_CASE("Input: gzip and Zstandard come unpacked, in one part or several", "[capture]") {
  Octets first = noise(300'001);
  Octets second(500'000, 'x');
  CHECK(take(gzipped(first)).octets == first);
  for (bool has_checksum : {false, true}) {
    Octets packed = zstandard(first, has_checksum) + zstandard(second, has_checksum);
    for (size_t step : {size_t{1000}, size_t{1} << 20}) {
      Taken taken = take(packed, step);
      CHECK(taken.octets == first + second);
      CHECK(taken.error == "");
    }
  }
  Taken taken = take(gzipped(first) + gzipped({}) + gzipped(second));
  CHECK(taken.octets == first + second);
  CHECK(taken.error == "");
  CHECK(take(gzipped({})).octets.empty());
  CHECK(take(gzipped({})).error == "");
}

TEST_CASE("Input: a packed stream that ends early gives what there is, and says so", "[capture]") {
  Octets plain = noise(3000);
  struct Form {
    Octets packed;
    std::string error;
  };
  for (const auto& [packed, error] :
       {Form{gzipped(plain), "the gzip stream ends early"},
        Form{zstandard(plain, true), "the Zstandard stream ends early"},
        Form{zstandard(plain, false), "the Zstandard stream ends early"}}) {
    for (size_t size = 4; size < packed.size(); ++size) {
      INFO("the first " << size << " of " << packed.size() << " octets");
      Taken taken = take(Octets(packed.begin(), packed.begin() + static_cast<long>(size)));
      CHECK(taken.error == error);
      REQUIRE(taken.octets.size() <= plain.size());
      CHECK(std::equal(taken.octets.begin(), taken.octets.end(), plain.begin()));
    }
    CHECK(take(packed).octets == plain);
    CHECK(take(packed).error == "");
  }
}

TEST_CASE("Input: a damaged stream is told, once, and read no further", "[capture]") {
  Octets plain = noise(300'000);
  Octets bad = gzipped(plain);
  bad[bad.size() - 6] ^= 1;  // the check sum
  CHECK(take(bad).error == "the gzip stream is damaged");
  bad = gzipped(plain);
  std::fill(bad.begin() + 10, bad.begin() + 40, uint8_t{0xff});
  CHECK(take(bad).error == "the gzip stream is damaged");
  CHECK(take(bad).octets.empty());
  bad = zstandard(plain, true);
  bad[bad.size() - 1] ^= 1;
  CHECK(take(bad).error == "the Zstandard stream is damaged");
  CHECK(take(gzipped(plain) + text("behind it")).error == "the gzip stream is damaged");
  CHECK(take(gzipped(plain) + text("behind it")).octets == plain);
  CHECK(take(zstandard(plain, true) + text("behind it")).error ==
        "the Zstandard stream is damaged");
}

TEST_CASE("Input: memory does not grow with what is packed", "[capture]") {
  Octets packed;
  for (int i = 0; i < 64; ++i) packed = packed + zstandard(Octets(1 << 20), false);
  TemporaryFile stored("input", as_text(Bytes(packed)));
  Input input = Input::open(stored.path());
  size_t taken = 0;
  for (Bytes bytes = input.peek(1 << 16); !bytes.empty(); bytes = input.peek(1 << 16)) {
    taken += bytes.size();
    input.consume(bytes.size());
  }
  CHECK(taken == size_t{64} << 20);
  CHECK(input.position() == packed.size());
  CHECK(input.size() == packed.size());
}

TEST_CASE("Input: files shorter than a format's mark are what they are", "[capture]") {
  CHECK(take({}).octets.empty());
  CHECK(take({}).error == "");
  CHECK(take(hex("28b52f")).octets == hex("28b52f"));
  CHECK(take(hex("1f")).octets == hex("1f"));
  CHECK(take(hex("1f8b")).error == "the gzip stream ends early");
}

TEST_CASE("Input: standard input, which has no size", "[capture]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Octets packed = gzipped(text("said through a pipe"));
  REQUIRE(::write(ends[1], packed.data(), packed.size()) == static_cast<ssize_t>(packed.size()));
  ::close(ends[1]);
  int kept = ::dup(STDIN_FILENO);
  REQUIRE(::dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
  ::close(ends[0]);
  {
    Input input = Input::open("-");
    CHECK(take(input, 4096).octets == text("said through a pipe"));
    CHECK(input.size() == 0);
  }
  CHECK(::fcntl(STDIN_FILENO, F_GETFD) != -1);  // left open: it is not ours
  if (kept >= 0) {
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
  }
}

TEST_CASE("Input: what cannot be opened is thrown with its reason", "[capture]") {
  auto reason = [](const char* path) {
    try {
      Input::open(path);
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  CHECK(reason("/nowhere/at-all") == std::errc::no_such_file_or_directory);
  CHECK(reason("/") == std::errc::is_a_directory);
}
