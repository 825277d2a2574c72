// SPDX-License-Identifier: Apache-2.0
// How a row of the options is made of a member: the one place where what the file says becomes what
// the module has, and back.
#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "config/options.hpp"

namespace tapwarden::config {

template <typename Member>
inline constexpr bool is_duration = false;
template <typename Count, typename Period>
inline constexpr bool is_duration<std::chrono::duration<Count, Period>> = true;

template <typename Member>
inline constexpr bool has_pairs =
    std::is_same_v<Member, std::map<std::string, std::string>> ||
    std::is_same_v<Member, std::vector<std::pair<std::string, std::string>>>;

template <typename Member>
Value to_value(const Member& member) {
  if constexpr (std::is_same_v<Member, bool>)
    return member;
  else if constexpr (std::is_integral_v<Member> || std::is_enum_v<Member>)
    return static_cast<int64_t>(member);
  else if constexpr (is_duration<Member>)
    return int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(member).count()};
  else if constexpr (std::is_same_v<Member, std::filesystem::path>)
    return member.string();
  else if constexpr (std::is_same_v<Member, std::string>)
    return member;
  else if constexpr (std::is_same_v<Member, std::vector<Prefix>>) {
    std::vector<std::string> texts;
    for (const Prefix& prefix : member) texts.push_back(to_string(prefix));
    return texts;
  } else if constexpr (std::is_same_v<Member, std::vector<RecordKind>>) {
    std::vector<std::string> texts;
    for (RecordKind kind : member) texts.emplace_back(to_string(kind));
    return texts;
  } else if constexpr (has_pairs<Member>) {
    std::vector<std::string> texts;
    for (const auto& [name, text] : member) {
      texts.push_back(name);
      texts.push_back(text);
    }
    return texts;
  } else
    return std::vector<std::string>(member.begin(), member.end());
}

template <typename Member>
void set(Member& member, Value value) {
  if constexpr (std::is_same_v<Member, bool>)
    member = std::get<bool>(value);
  else if constexpr (std::is_integral_v<Member> || std::is_enum_v<Member>)
    member = static_cast<Member>(std::get<int64_t>(value));
  else if constexpr (is_duration<Member>)
    member =
        std::chrono::duration_cast<Member>(std::chrono::milliseconds(std::get<int64_t>(value)));
  else if constexpr (std::is_same_v<Member, std::string> ||
                     std::is_same_v<Member, std::filesystem::path>)
    member = std::move(std::get<std::string>(value));
  else if constexpr (std::is_same_v<Member, std::vector<Prefix>>) {
    member.clear();
    for (const std::string& text : std::get<std::vector<std::string>>(value))
      member.push_back(Prefix::parse(text).value());
  } else if constexpr (std::is_same_v<Member, std::vector<RecordKind>>) {
    member.clear();
    for (size_t i = 0; i < record_kinds_count; ++i) {
      const auto& texts = std::get<std::vector<std::string>>(value);
      if (std::ranges::find(texts, to_string(RecordKind(i))) != texts.end())
        member.push_back(RecordKind(i));
    }
  } else if constexpr (has_pairs<Member>) {
    member.clear();
    const auto& texts = std::get<std::vector<std::string>>(value);
    for (size_t i = 0; i + 1 < texts.size(); i += 2)
      member.insert(member.end(), {texts[i], texts[i + 1]});
  } else {
    auto& texts = std::get<std::vector<std::string>>(value);
    member.assign(texts.begin(), texts.end());
  }
}

/// A row whose value is what `member` gives of an owner, as a reference.
template <typename Owner, typename Access>
Option<Owner> row(std::string key, Access member, Kind kind, std::string help) {
  return {std::move(key), kind, std::move(help),
          [member](const Owner& owner) { return to_value(member(owner)); },
          [member](Owner& owner, Value value) { set(member(owner), std::move(value)); }};
}

}  // namespace tapwarden::config
