module stowplan/tests/decode

go 1.19
