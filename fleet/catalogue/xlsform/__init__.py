"""Forms as operators write them (XLSForm): every fault with its cell before pyxform and the engine see the form."""
