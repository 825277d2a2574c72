# SPDX-License-Identifier: Apache-2.0
"""The written captures: which devices are in each, what they say, and the truth about them."""
