// SPDX-License-Identifier: Apache-2.0
// The libFuzzer driver over everything that reads the wire: every row of the protocol table, whole
// frames through a Worker, capture files and the text cleaner. The first octet of an input chooses
// which; what comes out is held against what observations promise.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "capture/file.hpp"
#include "core/protocol.hpp"
#include "core/text.hpp"
#include "decode/decode.hpp"
#include "dissect/dispatch.hpp"
#include "dissect/dissectors.hpp"
#include "pipeline/worker.hpp"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace tapwarden::fuzz {

namespace {

// Targets: the protocols by their own numbers, and in the place of Protocol::ethernet, which has no
// dissector, nothing; the others behind them.
constexpr size_t kFrame = protocols_count;
constexpr size_t kCapture = kFrame + 1;
constexpr size_t kText = kCapture + 1;
constexpr size_t kTargets = kText + 1;

constexpr int kLinkTypes[] = {1, 0, 12, 101, 105, 108, 113, 127, 192, 228, 229, 276};
constexpr uint64_t kFramesMax = 10000;  // of one capture: a packed one may hold very many

std::string name_of(size_t target) {
  return target == kFrame     ? "frame"
         : target == kCapture ? "capture"
         : target == kText    ? "text"
                              : std::string(protocol_table()[target].name);
}

[[noreturn]] void broken(std::string_view promise, std::string_view what) {
  fmt::print(stderr, "broken promise: {}: {}\n", promise, what);
  std::abort();
}

/// The characters of well-formed UTF-8 (RFC 3629), by another way than clean() goes.
void check_text(std::string_view text, size_t bound, std::string_view whose) {
  if (text.size() > bound) broken("a text is within its bound", whose);
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<uint8_t>(text[i]);
    size_t size = lead < 0x80       ? 1
                  : lead >> 5 == 6  ? 2
                  : lead >> 4 == 14 ? 3
                  : lead >> 3 == 30 ? 4
                                    : 0;
    if (size == 0 || size > text.size() - i) broken("a text is UTF-8", whose);
    uint32_t character = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (size_t j = 1; j < size; ++j) {
      auto octet = static_cast<uint8_t>(text[i + j]);
      if ((octet & 0xc0) != 0x80) broken("a text is UTF-8", whose);
      character = character << 6 | (octet & 0x3f);
    }
    size_t shortest = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
    if (size != shortest || is_surrogate || character > 0x10ffff) broken("a text is UTF-8", whose);
    if (character < 0x20 || (character >= 0x7f && character < 0xa0))
      broken("a text has no control characters", whose);
    if (character >= 0x2028 && character <= 0x202e) broken("a text keeps its direction", whose);
    i += size;
  }
  if (text.starts_with(' ') || text.ends_with(' ')) broken("a text has no outer blanks", whose);
}

void check(const Observation& said) {
  if (static_cast<size_t>(said.protocol) >= protocols_count)
    broken("an observation has a protocol", std::to_string(static_cast<int>(said.protocol)));
  if (static_cast<size_t>(said.field) >= field_table().size())
    broken("an observation has a field", to_string(said.protocol));
  std::string whose = fmt::format("{}.{}", to_string(said.protocol), to_string(said.field));
  if (said.context.vlan_count > Context::vlans_max) broken("a VLAN stack is bounded", whose);
  if (said.field == Field::sighting) {
    if (said.protocol != Protocol::ethernet || !said.text.empty() || said.packets == 0)
      broken("a sighting counts packets and says nothing", whose);
    return;
  }
  if (!emits(said.protocol, said.field)) broken("a dissector keeps to its row's fields", whose);
  if (said.text.empty()) broken("a fact says something", whose);
  check_text(said.text.view(), Observation::text_max, whose);
}

void check_sink(void*, const Observation& said) { check(said); }

/// One worker for all inputs. Its clock goes on from input to input, so that novelty holds nothing
/// back that an earlier input said.
class Pipeline {
 public:
  Timestamp next_time() { return clock_ += std::chrono::seconds(2); }
  void operator()(const Frame& frame) {
    worker_(frame);
    const Decoder::Counters& counters = worker_.decoded();
    uint64_t undecoded = 0;
    for (uint64_t count : counters.undecoded) undecoded += count;
    if (counters.frames != counters.decoded + undecoded)
      broken("received = decoded + undecoded", std::to_string(counters.frames));
  }

 private:
  Worker worker_{all_protocols(), {1024, std::chrono::seconds(1)}, check_sink, nullptr};
  Timestamp clock_;
};

Pipeline& pipeline() {
  static Pipeline one;
  return one;
}

/// A packet on its way to that dissector; the choice's bits vary what surrounds the message.
Packet packet_around(Protocol protocol, uint8_t choice, Bytes payload) {
  const Route& route = row(protocol).routes[choice % row(protocol).routes.size()];
  Packet packet;
  packet.frame = 1;
  packet.payload = payload;
  packet.cut = (choice & 0x80) != 0;
  packet.source_mac = mac_from(0x00005e005301);
  packet.target_mac = mac_from(0x00005e005302);
  if (route.by == Route::By::ethertype) packet.ethertype = static_cast<uint16_t>(route.low);
  if (route.by == Route::By::ethertype || route.by == Route::By::snap ||
      route.by == Route::By::llc) {
    return packet;
  }
  bool is_v6 = (choice & 0x40) != 0 || route.by == Route::By::icmpv6;
  packet.source_ip = *IpAddress::parse(is_v6 ? "fe80::1" : "192.168.1.1");
  packet.target_ip = *IpAddress::parse(is_v6 ? "ff02::1" : "192.168.1.2");
  packet.hop_limit = 255;
  bool is_answer = (choice & 0x20) != 0;
  packet.source_port = static_cast<uint16_t>(is_answer ? route.low : 40000);
  packet.target_port = static_cast<uint16_t>(is_answer ? 40000 : route.low);
  packet.icmp_type = payload[0];
  return packet;
}

void dissect(Protocol protocol, Bytes input) {
  if (input.size() < 2) return;
  Packet packet = packet_around(protocol, input[0], input.subspan(1));
  Emit emit(check_sink, nullptr);
  emit.begin(packet, protocol);
  Reader reader(packet.payload);
  dissector(protocol)(packet, reader, emit);
}

void read_frame(Bytes input) {
  if (input.empty()) return;
  Frame frame;
  frame.bytes = input.subspan(1);
  frame.wire_size = static_cast<uint32_t>(frame.bytes.size()) + (input[0] >> 7);
  frame.link_type = kLinkTypes[(input[0] & 0x7f) % std::size(kLinkTypes)];
  frame.number = 1;
  frame.time = pipeline().next_time();
  pipeline()(frame);
}

void read_capture(Bytes input) {
  int file = memfd_create("capture", MFD_CLOEXEC);
  if (file < 0 || ::write(file, input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    throw std::system_error(errno, std::generic_category(), "memfd");
  try {
    CaptureFile capture(fmt::format("/proc/self/fd/{}", file));
    Frame frame;
    uint64_t count = 0;
    while (count < kFramesMax && capture.next(frame)) {
      if (frame.number != ++count) broken("frames are numbered in order", std::to_string(count));
      if (frame.bytes.size() > CaptureFile::frame_size_max || frame.bytes.size() > frame.wire_size)
        broken("a frame is no larger than its record", std::to_string(frame.bytes.size()));
      if (frame.time < Timestamp{}) broken("time does not run over", to_rfc3339(frame.time));
      pipeline()(frame);
    }
    check_text(capture.warning(), 1024, "a capture's warning");
  } catch (const std::runtime_error&) {  // no capture: said in one clear line
  }
  ::close(file);
}

void clean_text(Bytes input) {
  if (input.size() < 2) return;
  size_t bound = size_t{input[0]} * 2;
  std::vector<char> once(bound), twice(bound);
  Cleaned cleaned = clean(as_text(input.subspan(1)), once.data(), bound);
  std::string_view text(once.data(), cleaned.size);
  check_text(text, bound, "clean()");
  Cleaned again = clean(text, twice.data(), bound);
  if (again.cut || std::string_view(twice.data(), again.size) != text)
    broken("what is clean stays as it is", text);
}

void run(Bytes input) {
  size_t target = input[0] % kTargets;
  Bytes rest = input.subspan(1);
  if (target == kFrame) return read_frame(rest);
  if (target == kCapture) return read_capture(rest);
  if (target == kText) return clean_text(rest);
  if (target != 0) dissect(static_cast<Protocol>(target), rest);
}

/// Writes what captures hold as inputs, DIRECTORY/TARGET/NUMBER: each message for its dissector,
/// each frame, each small capture, each text.
class Seeds {
 public:
  explicit Seeds(std::filesystem::path directory) : directory_(std::move(directory)) {
    for (size_t target = 1; target < kTargets; ++target)
      std::filesystem::create_directories(directory_ / name_of(target));
  }

  void add(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string whole{std::istreambuf_iterator<char>(file), {}};
    if (whole.size() <= size_max) write(kCapture, {}, as_bytes(whole));
    try {
      CaptureFile capture(path);
      Frame frame;
      while (capture.next(frame)) add(frame);
    } catch (const std::runtime_error&) {  // some are no captures on purpose
    }
  }

 private:
  static constexpr size_t size_max = 8192;

  void add(const Frame& frame) {
    for (uint8_t i = 0; i < std::size(kLinkTypes); ++i) {
      if (kLinkTypes[i] == frame.link_type) write(kFrame, i, frame.bytes);
    }
    Packet packet;
    if (!decoder_(frame, packet)) return;
    Dispatch::Counters before = dispatch_.counters();
    dispatch_(packet, emit_);
    for (size_t row = 1; row < protocols_count; ++row) {
      if (dispatch_.counters().read[row] == before.read[row]) continue;
      bool is_answer = packet.source_port < packet.target_port;
      write(row, static_cast<uint8_t>(is_answer ? 0x20 : 0), packet.payload);
    }
  }

  void write(size_t target, std::optional<uint8_t> choice, Bytes bytes) {
    std::string seed(1, static_cast<char>(target));
    if (choice) seed += static_cast<char>(*choice);
    seed += as_text(bytes);
    std::string name = fmt::format("{:016x}", std::hash<std::string>{}(seed));
    std::ofstream(directory_ / name_of(target) / name, std::ios::binary) << seed;
  }

  std::filesystem::path directory_;
  Decoder decoder_;
  Dispatch dispatch_{all_protocols()};
  Emit emit_{[](void* self, const Observation& said) {
               check(said);
               static_cast<Seeds*>(self)->write(kText, uint8_t{255}, as_bytes(said.text.view()));
             },
             this};
};

std::optional<uint8_t> only;  // --row: the target that mutations keep to

/// Tapwarden's own options; libFuzzer passes over what begins with two dashes.
void read_options(int count, char** values) {
  for (int i = 1; i < count; ++i) {
    std::string_view option = values[i];
    if (option == "--rows") {
      for (size_t target = 1; target < kTargets; ++target) fmt::print("{}\n", name_of(target));
      std::exit(0);
    }
    if (option.starts_with("--make-seeds=")) {
      Seeds seeds(option.substr(option.find('=') + 1));
      while (++i < count) seeds.add(values[i]);
      std::exit(0);
    }
    if (!option.starts_with("--row=")) continue;
    for (size_t target = 1; target < kTargets; ++target) {
      if (option.substr(6) == name_of(target)) only = static_cast<uint8_t>(target);
    }
    if (only) continue;
    fmt::print(stderr, "there is no row {}; --rows names them\n", option.substr(6));
    std::exit(2);
  }
}

}  // namespace

}  // namespace tapwarden::fuzz

extern "C" int LLVMFuzzerInitialize(int* count, char*** values) {
  tapwarden::fuzz::read_options(*count, *values);
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned) {
  using tapwarden::fuzz::only;
  if (!only || size == 0) return LLVMFuzzerMutate(data, size, size_max);
  data[0] = *only;
  return 1 + LLVMFuzzerMutate(data + 1, size - 1, size_max - 1);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size != 0) tapwarden::fuzz::run({data, size});
  return 0;
}
