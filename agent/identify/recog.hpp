// SPDX-License-Identifier: Apache-2.0
// Fingerprints of rapid7's Recog, from a directory of the operator's: a further source, asked where
// none of our own rows matches. Nothing of Recog ships with Tapwarden.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/protocol.hpp"
#include "identify/claim.hpp"
#include "identify/recog_makers.hpp"

namespace tapwarden {

/// What a match says of the device.
struct RecogClaim {
  Aspect aspect = Aspect::brand;
  std::string value;
  std::string_view supplier;  ///< id, empty when none is named
  double certainty = 0;
};

struct RecogMatch {
  std::string_view rule;  ///< "recog:ssh_banners.xml:12", file and line
  std::vector<RecogClaim> claims;
};

class Recog {
 public:
  struct Counts {
    size_t files = 0;
    size_t rows = 0;      ///< in use
    size_t left_out = 0;  ///< with a pattern that cannot be used
    size_t unread = 0;    ///< over fields that are not read here
  };
  struct Trial {
    size_t examples = 0;
    size_t out_of_reach = 0;  ///< rows that match none of their examples as it is observed here
  };

  Recog();
  Recog(Recog&&) noexcept;
  Recog& operator=(Recog&&) noexcept;
  ~Recog();

  /// Reads *.xml of the directory, or of its folder xml as in Recog's own tree; nothing where
  /// `directory` is empty. `makers` and `suppliers` are copied from.
  static Recog load(const std::filesystem::path& directory, RecogMakers makers,
                    const Suppliers& suppliers, Diagnostics& diagnostics);

  /// What the first row that matches says; that can be nothing.
  std::optional<RecogMatch> match(Protocol protocol, Field field, std::string_view text) const;

  /// Reads the files again and holds each row to its examples. `notes` lists the rows out of reach.
  Trial try_examples(Diagnostics& diagnostics, Diagnostics& notes) const;

  const Counts& counts() const;
  /// Each row that was left out, with the reason: no mistake of the operator's.
  const Diagnostics& left_out() const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tapwarden
