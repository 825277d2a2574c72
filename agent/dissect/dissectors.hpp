// SPDX-License-Identifier: Apache-2.0
// The dissectors, declared from the protocol table: each reads one message and emits what it is
// sure of. A free function with no state, no allocation, no logging and no supplier's name in it.
#pragma once

#include "core/reader.hpp"
#include "decode/packet.hpp"
#include "dissect/emit.hpp"

namespace tapwarden {

using Dissector = void (*)(const Packet&, Reader&, Emit&);

namespace protocols {

#define PROTOCOL(id, title, standard, routes, fields) void id(const Packet&, Reader&, Emit&);
#include "core/protocols.inc"
#undef PROTOCOL

}  // namespace protocols

/// The function of that row; null for Protocol::ethernet.
Dissector dissector(Protocol protocol);

}  // namespace tapwarden
