// SPDX-License-Identifier: Apache-2.0
#include "inventory/identity.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bitset>

namespace tapwarden {

namespace {

constexpr size_t kSerialMin = 8;   // shorter ones are counted by maker, not by the world
constexpr size_t kVarietyMin = 4;  // different characters: "00000000" and "11112222" are nobody's

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == ':' || c == '/';
}

/// "123456789", "ABCDEFGH": what stands in a form that nobody filled in.
bool is_counting(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    bool wraps = text[i - 1] == '9' && text[i] == '0';
    if (!wraps && text[i] != text[i - 1] + 1) return false;
  }
  return true;
}

bool is_telling(std::string_view text) {
  std::bitset<256> seen;
  for (char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count() >= kVarietyMin && !is_counting(text);
}

}  // namespace

std::string proof_of(const Observation& observation) {
  std::string_view text = observation.text.view();
  bool proves = false;
  switch (observation.field) {
    case Field::serial:
      proves = text.size() >= kSerialMin && std::ranges::all_of(text, is_word);
      break;
    case Field::duid:
    case Field::engine_id:
    case Field::udn:
      proves = true;
      break;
    default:
      break;
  }
  if (!proves || !is_telling(text)) return {};
  return std::string(to_string(observation.field)) + ' ' + std::string(text);
}

MacWord mac_word(Field field) {
  switch (field) {
    case Field::chassis_mac:
    case Field::bridge_mac:
    case Field::system_mac:
      return MacWord::chassis;
    case Field::device_mac:
    case Field::duid_mac:
    case Field::engine_mac:
      return MacWord::interface;
    default:
      return MacWord::none;
  }
}

Identity::Identity(size_t proofs_max, uint64_t seed) : proofs_max_(proofs_max), seed_(seed) {}

void Identity::restore(const Device& device) {
  for (uint64_t proof : device.proofs) {
    if (keys_.size() < proofs_max_) keys_.try_emplace(proof, device.key);
  }
}

std::optional<HostKey> Identity::note(std::string_view proof, Device& device) {
  uint64_t hash = XXH3_64bits_withSeed(proof.data(), proof.size(), seed_);
  auto found = keys_.find(hash);
  if (found != keys_.end() && device.has(found->second)) return std::nullopt;
  if (device.proofs.size() >= proofs_per_device_max ||
      (found == keys_.end() && keys_.size() >= proofs_max_)) {
    ++refused_;
    return std::nullopt;
  }
  device.proofs.push_back(hash);
  if (found != keys_.end()) return std::exchange(found->second, device.key);
  keys_.emplace(hash, device.key);
  return std::nullopt;
}

void Identity::forget(const Device& device) {
  for (uint64_t proof : device.proofs) {
    auto found = keys_.find(proof);
    if (found != keys_.end() && device.has(found->second)) keys_.erase(found);
  }
}

}  // namespace tapwarden
