"""What landing costs beside a plain copy of the same file that computes the same checksum."""
