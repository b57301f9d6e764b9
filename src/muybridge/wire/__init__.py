"""The S2V-01 contract: requests, answers, codes and the callback challenge, in both directions."""
