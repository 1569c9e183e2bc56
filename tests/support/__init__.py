"""What tests share: the world and its clock, the page client that lints, sites to test with."""
