// SPDX-License-Identifier: Apache-2.0
// Device: what is known of one device, and its verdict. Every list in it is bounded; what found no
// room is counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/context.hpp"
#include "core/seed.hpp"
#include "core/time.hpp"
#include "identify/claim.hpp"

namespace tapwarden {

/// What a device is to the network, as its traffic shows.
enum class Role : uint8_t {
  station,   ///< speaks for itself from its own MAC
  guest,     ///< a virtual machine or container: its MAC's prefix is the hypervisor's
  bridge,    ///< a switch, or a port of one: it speaks the spanning tree
  router,    ///< forwards the packets of others: their words are not its own
  virtual_,  ///< a first-hop redundancy address: no device stands behind its prefix
  routed,    ///< a host behind a router, known by its IP address alone
  remote,    ///< a public address behind a router: not equipment of this network
};
std::string_view to_string(Role role);

/// Whom an observation was ascribed to: context and MAC, or context and IP where the MAC is a
/// router's.
struct HostKey {
  Context context;
  Mac mac;
  IpAddress ip;  ///< none when the MAC is the key

  bool operator==(const HostKey&) const = default;
};
/// Each table has a seed of its own.
struct HostKeyHash {
  using is_avalanching = void;
  uint64_t seed = random_seed();
  size_t operator()(const HostKey& key) const;
};

enum class Grade : uint8_t { possible, probable, confirmed };
std::string_view to_string(Grade grade);

struct Verdict {
  std::string supplier;  ///< id of rules/suppliers
  Grade grade = Grade::possible;
  double certainty = 0;  ///< 0 to 1

  bool operator==(const Verdict&) const = default;
};

/// A claim with what attribution needs should it have to think again.
struct Evidence {
  Claim claim;
  IpAddress ip;          ///< the address it was said from
  bool is_firm = false;  ///< the MAC was the speaker's own for certain
  Timestamp last{};      ///< when it was said again; the claim has when it was said first
};

struct DeviceAddress {
  IpAddress ip;
  bool is_bound = false;  ///< ARP, ND or DHCP said so; otherwise only seen as a source
};

/// Where a device was heard, and when last.
struct Presence {
  Context context;
  Timestamp heard;  ///< as Device::heard
};

struct Device {
  HostKey key;                          ///< the first it was known by
  std::vector<HostKey> aliases;         ///< what else turned out to be it
  std::vector<std::string> former_ids;  ///< of devices that turned out to be it
  std::vector<Presence> presences;
  std::string id;  ///< stable over restarts: made of the tap's name, the VLANs and the key
  Role role = Role::station;
  std::optional<Claim> role_claim;  ///< what made it so; none for a station

  std::vector<Mac> macs;  ///< its key first
  std::vector<DeviceAddress> addresses;
  std::vector<std::string> names;
  std::string registrant;  ///< of the MAC's prefix; empty when none is known or the MAC is private
  std::string location_switch;
  std::string location_port;

  std::vector<Evidence> evidence;
  std::optional<Verdict> verdict;  ///< none where nothing names a maker that the rules know
  bool is_flagged = false;         ///< an active policy names its supplier
  bool is_spent = false;  ///< flagged, but gone, and its alerts are over: it need not be kept

  Timestamp first_seen;
  Timestamp last_seen;
  Timestamp heard;                  ///< last_seen, moved on by the time that nobody listened
  Timestamp returned;               ///< when it was last seen again after an absence; 0: never
  std::chrono::nanoseconds away{};  ///< how long that absence was
  uint64_t packets = 0;
  bool is_saved = false;          ///< the store has it as it is now
  bool are_claims_saved = false;  ///< and its claims

  std::vector<IpAddress>
      unbound;  ///< sources seen behind this MAC that nothing binds to it; at most routes_min
  bool is_arp_proxy = false;     ///< a router that answers ARP for hosts behind it
  std::vector<uint64_t> proofs;  ///< hashes of what it proved its identity with

  bool has(const HostKey& one) const;
  /// Whether it bears that MAC address: by its frames or by proof, not by its word alone.
  bool bears(const Mac& mac) const;
  /// Everything that was heard of it was heard so much later.
  void shift(std::chrono::nanoseconds time);
};

/// The brand under which a supplier's device is sold when it is not that supplier's own name; empty
/// otherwise.
std::string_view sold_as(const Device& device);

/// The claim of that aspect that is most certain, the first said among equals; null when there is
/// none.
const Claim* best(const Device& device, Aspect aspect);

}  // namespace tapwarden
