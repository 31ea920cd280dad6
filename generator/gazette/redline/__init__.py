"""What changed between two texts: blocks, alignment, words, the changes, and their renderings."""
