// SPDX-License-Identifier: Apache-2.0
// The protection of QUIC's Initial packets (RFC 9001, section 5; RFC 9369): its keys hang on
// nothing but a number that the client's first packet shows, so whoever sees that packet can read
// it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/reader.hpp"

namespace tapwarden {

/// What versions differ in here: the salt, and with version 2 the labels and packet types.
struct QuicVersion {
  std::array<uint8_t, 20> salt;
  bool is_second = false;
};

/// Versions 1 and 2, the drafts from 21 on, and what was derived from these; null for any other.
const QuicVersion* quic_version(uint32_t number);

/// Keys of what the client sends.
struct InitialKeys {
  std::array<uint8_t, 16> key;
  std::array<uint8_t, 12> iv;
  std::array<uint8_t, 16> header_key;

  /// By the destination connection id of the client's first packet.
  InitialKeys(const QuicVersion& version, Bytes connection_id);
};

/// Takes the protection off. `packet` begins with the first octet of the packet and ends with its
/// tag; the packet number is at `number_at`. Gives the frames, which are in `target`; nothing where
/// the packet is not genuine or does not fit.
std::optional<Bytes> open_initial(const InitialKeys& keys, Bytes packet, size_t number_at,
                                  std::span<uint8_t> target);

}  // namespace tapwarden
