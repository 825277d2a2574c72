// SPDX-License-Identifier: Apache-2.0
// A whole site on one tap: frames go through the worker, the rules that ship, the inventory and
// every policy that ships. For tests of what an operator is told in the end.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "pipeline/worker.hpp"
#include "policy/alerts.hpp"
#include "support/dissect.hpp"
#include "support/files.hpp"
#include "support/inventory.hpp"

namespace tapwarden::test {

struct Machine {
  std::string mac;
  std::string ip;
};

/// One BER element with a definite length.
Octets ber(uint8_t tag, const Octets& contents);
/// An SNMP v2c response with the system's description and object identifier (contents of its OID,
/// none when empty).
Octets snmp_answer(std::string_view description, const Octets& object_id = {});
/// A DHCP message, of an operation, from its cookie on with these options, before the end.
Octets dhcp_message(uint8_t operation, std::string_view chaddr, const Octets& options);
Octets dhcp_option(uint8_t code, const Octets& value);

class Site {
 public:
  /// Judged by the law and the ownership of this day.
  explicit Site(Date as_of = std::chrono::year(2026) / 9 / 15);

  /// By default an Ethernet frame (LINKTYPE_ value).
  void frame(const Octets& octets, int link_type = 1);
  /// A link-layer frame that is no IP; the length field of 802.3 where `type` is below 1536.
  void link(const Machine& from, std::string_view target, uint16_t type, const Octets& body);
  /// Says by ARP where it is.
  void arp(const Machine& machine);
  void udp(const Machine& from, const Machine& to, uint16_t source, uint16_t target,
           const Octets& payload, uint8_t hop_limit = 64);
  /// Opens that direction of a connection and says this in it.
  void tcp(const Machine& from, const Machine& to, uint16_t source, uint16_t target,
           const Octets& payload, uint8_t hop_limit = 64);
  void tcp(const Machine& from, const Machine& to, uint16_t source, uint16_t target,
           std::string_view payload, uint8_t hop_limit = 64) {
    tcp(from, to, source, target, text(payload), hop_limit);
  }
  /// An HTTP answer of `server`, with this head.
  void answer(const Machine& server, const Machine& client, std::string_view head);

  /// Ends the capture: keys of flagged devices with their verdicts, in the order of the keys.
  Lines flagged();
  /// "huawei probable 0.800" of the device with that key, "none", or "no device".
  std::string verdict(std::string_view key);
  /// "component Quectel (quectel) 0.80 of …" for each claim of a device that is not about what is
  /// merely its model, software or role.
  Lines makers(std::string_view key);
  const Device* find(std::string_view key);
  size_t devices() { return finish(), inventory_->size(); }
  const Inventory& inventory() const { return *inventory_; }

 private:
  void finish();

  Networks networks_;
  std::unique_ptr<Alerts> alerts_;
  std::unique_ptr<Inventory> inventory_;
  std::unique_ptr<Worker> worker_;
  uint64_t number_ = 0;
};

}  // namespace tapwarden::test
