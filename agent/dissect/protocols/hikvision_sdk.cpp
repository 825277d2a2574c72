// SPDX-License-Identifier: Apache-2.0
// The control port (8000) of video equipment, from public descriptions: messages begin with their
// length. To what it does not understand a device answers with 16 octets: the length, a status,
// the status again, zero. The first eight octets of such an answer are said.
#include "dissect/dissectors.hpp"

namespace tapwarden::protocols {

namespace {

constexpr uint16_t kServerPort = 8000;
constexpr size_t kAnswerSize = 16;
constexpr size_t kSaid = 8;

enum Status : uint32_t {
  kTwice = 0x1e,  // known whole
  kOnce = 0x0d,   // known up to here, and so believed on its port alone
};

}  // namespace

void hikvision_sdk(const Packet& packet, Reader& reader, Emit& emit) {
  Bytes said = reader.peek(kSaid);
  Reader head(said);
  if (head.u32() != kAnswerSize) return;  // something else on that port
  uint32_t status = head.u32();
  bool is_server = packet.source_port == kServerPort;
  if (status == kOnce && is_server) emit.hex(Field::message, said);
  if (status != kTwice) return;
  if (reader.size() < kAnswerSize) return emit.more();
  reader.skip(kSaid);
  if (reader.u32() == status && reader.u32() == 0) emit.hex(Field::message, said);
}

}  // namespace tapwarden::protocols
