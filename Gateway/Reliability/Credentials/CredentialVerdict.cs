namespace AspireGateway.Gateway.Reliability.Credentials;

/// <summary>What a failure says of the credential that a deployment was called with.</summary>
internal enum CredentialVerdict
{
    /// <summary>Nothing: it is the deployment that failed, or its only credential.</summary>
    Deployment,

    /// <summary>It rests, and another one of the deployment does not.</summary>
    Another,

    /// <summary>It rests, and so do all the others for a while; nothing is wrong with the deployment.</summary>
    AllRest,
}
