// SPDX-License-Identifier: Apache-2.0
#include "identify/systems.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace tapwarden {

namespace {

using Word = std::pair<std::string_view, std::string_view>;  // what is said, and whose word it is

constexpr std::string_view kWindows = "Windows", kApple = "Apple", kLinux = "Linux";

/// Services of one system alone, by how they begin.
constexpr std::array<Word, 8> kServices = {{{"Microsoft-CryptoAPI/", kWindows},
                                            {"Microsoft-Delivery-Optimization/", kWindows},
                                            {"Microsoft NCSI", kWindows},
                                            {"Windows-Update-Agent/", kWindows},
                                            {"Dalvik/", kLinux},
                                            {"CaptiveNetworkSupport", kApple},
                                            {"Debian APT-HTTP/", kLinux},
                                            {"AndroidDownloadManager/", kLinux}}};

/// What stands first in the parentheses of a browser's name.
constexpr std::array<Word, 9> kPlatforms = {{{"Windows NT ", kWindows},
                                             {"Macintosh;", kApple},
                                             {"iPhone;", kApple},
                                             {"iPad;", kApple},
                                             {"iPod", kApple},
                                             {"Linux;", kLinux},
                                             {"Android", kLinux},
                                             {"X11; Linux ", kLinux},
                                             {"X11; Ubuntu; Linux ", kLinux}}};

std::string_view first_of(std::span<const Word> words, std::string_view text) {
  auto found =
      std::ranges::find_if(words, [&](const Word& word) { return text.starts_with(word.first); });
  return found == words.end() ? std::string_view() : found->second;
}

}  // namespace

std::string_view system_of_user_agent(std::string_view user_agent) {
  constexpr std::string_view browser = "Mozilla/5.0 (";
  if (user_agent.starts_with(browser))
    return first_of(kPlatforms, user_agent.substr(browser.size()));
  // What an app of Apple's asks with, behind the app's own name.
  if (user_agent.find(" CFNetwork/") != std::string_view::npos &&
      user_agent.find(" Darwin/") != std::string_view::npos) {
    return kApple;
  }
  return first_of(kServices, user_agent);
}

std::string_view start_of_hop_limit(std::string_view text) {
  static constexpr std::array<Word, 3> starts = {
      {{"64", "hop limit 64"}, {"128", "hop limit 128"}, {"255", "hop limit 255"}}};
  size_t of = text.find(" of ");
  if (of == std::string_view::npos) return {};
  auto found = std::ranges::find(starts, text.substr(of + 4), &Word::first);
  return found == starts.end() ? std::string_view() : found->second;
}

}  // namespace tapwarden
