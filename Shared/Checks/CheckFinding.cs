namespace AspireGateway.Shared.Checks;

/// <summary>What a check found in a text.</summary>
/// <param name="Type">What it is, in upper snake case.</param>
/// <param name="Start">First character, from 0, in UTF-16 units.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Score">How sure it is, 0 to 1.</param>
internal readonly record struct CheckFinding(string Type, int Start, int Length, double Score);
