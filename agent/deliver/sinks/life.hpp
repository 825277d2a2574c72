// SPDX-License-Identifier: Apache-2.0
// Life: lets what the loop still holds for an object find out that the object is gone.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace tapwarden {

/// To be the last member, so that it ends first.
class Life {
 public:
  /// A handler that does nothing once this is gone. An action without arguments takes any handler's
  /// place.
  template <typename Action>
  auto while_it_lasts(Action action) const {
    return [weak = std::weak_ptr(token_), action = std::move(action)](auto&&... words) mutable {
      if (weak.expired()) return;
      if constexpr (std::invocable<Action>) {
        action();
      } else {
        action(std::forward<decltype(words)>(words)...);
      }
    };
  }

 private:
  std::shared_ptr<char> token_ = std::make_shared<char>();
};

}  // namespace tapwarden
