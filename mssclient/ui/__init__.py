"""What a person sees and says, in French. Qt, main thread only; may import `engine.api` and `domain`."""
