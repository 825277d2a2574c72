// SPDX-License-Identifier: Apache-2.0
// An inventory over a few made-up makers, fed by hand: for the tests of what stands behind the
// workers.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.hpp"
#include "support/files.hpp"

namespace tapwarden::test {

/// 00:e0:fc and number 77 are Acme's, 00:e0:f0 and 78 Bolt's, two suppliers. 00:e1:00 is of
/// Somebody Ltd, whom the rules do not know. SSH banners and HTTP servers that say ACME or BOLT are
/// theirs, with high certainty, or medium where "maybe" stands before it.
const Knowledge& made_up_knowledge();

/// A moment: so many seconds after 2026-01-01.
Timestamp at(int64_t seconds);

Host station(std::string_view mac, std::string_view ip = "");  ///< the MAC is its own for certain
Host behind(std::string_view mac, std::string_view ip);        ///< a router may have relayed it

Observation sighting(const Host& host, int64_t seconds, uint32_t packets = 1);
Observation fact(const Host& host, Protocol protocol, Field field, std::string_view text,
                 int64_t seconds);
inline Observation banner(const Host& host, std::string_view text, int64_t seconds) {
  return fact(host, Protocol::ssh, Field::banner, text, seconds);
}
inline Observation binding(std::string_view mac, std::string_view ip, int64_t seconds) {
  return fact(station(mac, ip), Protocol::arp, Field::binding, ip, seconds);
}

/// Flags the devices that are probably Acme's.
struct Network {
  explicit Network(const InventoryLimits& limits = {}, std::vector<std::string> taps = {"tap"},
                   Networks home = {})
      : networks(std::move(home)),
        inventory(made_up_knowledge(), limits, networks, std::move(taps), [this](Device& device) {
          ++changes;
          device.is_flagged = device.verdict && device.verdict->supplier == "acme" &&
                              device.verdict->grade >= Grade::probable;
        }) {}

  void operator()(const Observation& observation) { inventory.observe(observation); }
  /// The device whose key is that MAC or IP; null when there is none, or several.
  const Device* find(std::string_view address) const;
  /// All keys, as each() gives them.
  Lines keys() const;

  Networks networks;
  Inventory inventory;
  size_t changes = 0;
};

std::string key_text(const Device& device);
/// "platform Acme Ltd (acme) 0.80 of 00:e0:fc:00:00:01" for each claim, in order.
Lines claims(const Device& device);
/// "acme probable 0.800", or "none".
std::string verdict_text(const Device& device);
Lines addresses(const Device& device);  ///< "192.0.2.1 bound" or "192.0.2.1"

}  // namespace tapwarden::test
