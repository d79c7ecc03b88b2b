"""Pictures of many pictures: contact sheets, boards, morphs and a page to print."""
